import { jsonUnescaped } from '../escapes';
import { JsonMembers } from '../json-members';

/** A line without what a log driver or a shipper put around it. */
export type Unwrapped = {
  /** What the program wrote. */
  text: string;
  /** The wrapper's displayed name. */
  wrapper: string;
  /** Whether the next line of the same stream continues it: `text` is only a part. */
  partial: boolean;
  /** The stream it belongs to, where several are mixed. */
  stream: string;
  /** The program, if the wrapper names it. */
  program: string | null;
};

type Unwrapper = (line: string) => Unwrapped | null;

/** Docker's `json-file`: only the last part of a line ends with `\n`. */
function docker(line: string): Unwrapped | null {
  if (!line.startsWith('{"log":"')) return null;
  const members = new JsonMembers(line, 0);
  let log: string | null = null;
  let stream: string | null = null;
  while (members.next()) {
    if (log === null && members.is('log')) log = members.text();
    else if (stream === null && members.is('stream')) stream = members.text();
  }
  if (members.broken || log === null || stream === null) return null;
  const partial = !log.endsWith('\\n');
  const text = jsonUnescaped(partial ? log : log.slice(0, -2));
  return { text, wrapper: 'docker', partial, stream, program: null };
}

const CRI = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?::\S*)? /;

/** The Container Runtime Interface's, of containerd, CRI-O and Podman's `k8s-file`: `F` is full, `P` a part. */
function cri(line: string): Unwrapped | null {
  const match = CRI.exec(line);
  if (match === null) return null;
  const [{ length }, stream = '', tag] = match;
  return { text: line.slice(length), wrapper: 'cri', partial: tag === 'P', stream, program: null };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
const COLOUR = /\x1b\[[\d;]*m/g;
const COMPOSE = /^([a-zA-Z][\w.-]*) +\| (?:\d{4}-\d\d-\d\dT[\d:.]+Z )?/;

/** `docker compose logs`: the service, a bar, with `-t` a time. Its colours go. */
function compose(line: string): Unwrapped | null {
  const plain = line.startsWith('\x1b') ? line.replace(COLOUR, '') : line;
  const match = COMPOSE.exec(plain);
  if (match === null) return null;
  const [{ length }, stream = ''] = match;
  return { text: plain.slice(length), wrapper: 'compose', partial: false, stream, program: null };
}

const TAG = '([\\w./@-]+)(?:\\[\\d+\\])?: ?';
const RFC3164 = new RegExp(
  `^(?:<\\d{1,3}>)?[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? (?:(\\S*[^: ]) )?${TAG}`,
);
/** rsyslog's own template and `journalctl -o short-iso`: RFC 3164 with an ISO time. */
const ISO = new RegExp(
  `^(?:<\\d{1,3}>)?\\d{4}-\\d\\d-\\d\\dT[\\d:.,]+(?:Z|[+-]\\d\\d:?\\d\\d) (\\S+) ${TAG}`,
);
const RFC5424 =
  /^(?:<\d{1,3}>)?1 (?:\d{4}-\d\d-\d\dT\S+|-) \S+ (\S+) \S+ \S+ (?:-|(?:\[(?:[^"\]]|"(?:[^"\\\]]|\\.)*")*\])+) ?/;

/** Syslog, RFC 3164 and 5424. The host in the prefix is where the line was sent from, never the client. */
function syslog(line: string): Unwrapped | null {
  const rfc5424 = RFC5424.exec(line);
  const match = rfc5424 ?? RFC3164.exec(line) ?? ISO.exec(line);
  if (match === null) return null;
  const program = (rfc5424 ? match[1] : match[2]) ?? null;
  const text = line.slice(match[0].length);
  return { text, wrapper: 'syslog', partial: false, stream: '', program };
}

/** `docker logs -t`, `kubectl logs --timestamps`: a time alone. */
function timestamped(line: string): Unwrapped | null {
  const match = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?=[\d[{<a-f:])/.exec(line);
  if (match === null) return null;
  const text = line.slice(match[0].length);
  return { text, wrapper: 'timestamps', partial: false, stream: '', program: null };
}

const OPEN_BRACE = 123;
const UNWRAPPERS: readonly Unwrapper[] = [docker, cri, syslog, compose, timestamped];

/** Removes one wrapper; returns `null` when the line has none. The wrappers of the last line are tried first. */
export function unwrap(line: string): Unwrapped | null {
  if (line.charCodeAt(0) === OPEN_BRACE) return docker(line);
  for (const unwrapper of UNWRAPPERS) {
    const unwrapped = unwrapper(line);
    if (unwrapped !== null) return unwrapped;
  }
  return null;
}
