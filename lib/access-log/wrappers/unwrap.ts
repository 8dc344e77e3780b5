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

/** Returns the strings of a JSON object's own members with these names; `null` when it is not an object. */
function stringsOf(line: string, names: readonly string[]): Map<string, string> | null {
  const found = new Map<string, string>();
  const members = new JsonMembers(line, 0);
  while (members.next()) {
    const name = names.find((one) => members.is(one));
    if (name !== undefined && members.kind === 'string' && !found.has(name)) {
      found.set(name, members.text());
    }
  }
  return members.broken ? null : found;
}

/** Docker's `json-file`: only the last part of a line ends with `\n`. Fluentd's driver calls the stream `source`. */
function docker(line: string): Unwrapped | null {
  if (!line.includes('"log":"')) return null;
  const found = stringsOf(line, ['log', 'stream', 'source']);
  const log = found?.get('log');
  const stream = found?.get('stream') ?? found?.get('source');
  if (log === undefined || stream === undefined) return null;
  const partial = found?.has('stream') === true && !log.endsWith('\\n');
  // A container with a terminal ends its lines with CR LF.
  const text = jsonUnescaped(log.replace(/(?:\\r)?\\n$/, ''));
  return { text, wrapper: 'docker', partial, stream, program: null };
}

/**
 * `journalctl -o json`: fields whose names begin with underscores are the journal's own. Before systemd 240 it put blanks
 * around colons.
 */
function journal(line: string): Unwrapped | null {
  if (!/"__REALTIME_TIMESTAMP" ?:/.test(line)) return null;
  const found = stringsOf(line, ['MESSAGE', 'SYSLOG_IDENTIFIER', '_COMM']);
  if (found === null) return null;
  // A message that is no UTF-8 is a list of numbers.
  const text = jsonUnescaped(found.get('MESSAGE') ?? '');
  const program = found.get('SYSLOG_IDENTIFIER') ?? found.get('_COMM') ?? null;
  return { text, wrapper: 'journal', partial: false, stream: '', program };
}

/** What Filebeat and Elastic Agent write to a file. */
function beat(line: string): Unwrapped | null {
  if (!line.includes('"@timestamp":') || !/"(?:@metadata|ecs|agent|log)":\{/.test(line))
    return null;
  const message = stringsOf(line, ['message'])?.get('message');
  if (message === undefined) return null;
  const text = jsonUnescaped(message);
  return { text, wrapper: 'filebeat', partial: false, stream: '', program: null };
}

const CRI = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?::\S*)?(?: |$)/;

/** The Container Runtime Interface's, of containerd, CRI-O and Podman's `k8s-file`: `F` is full, `P` a part. */
function cri(line: string): Unwrapped | null {
  const match = CRI.exec(line);
  if (match === null) return null;
  const [{ length }, stream = '', tag] = match;
  return { text: line.slice(length), wrapper: 'cri', partial: tag === 'P', stream, program: null };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
const COLOUR = /\x1b\[[\d;]*m/g;
const AT = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z ';
/** A name has a letter: what is an address is not one. */
const COMPOSE = new RegExp(
  `^(?:${AT})?(?:((?=\\S*[a-zA-Z])[a-zA-Z0-9][\\w.@-]*) +\\|(?: |$)|\\[(pod/\\S+)\\] )(?:${AT})?`,
);

/**
 * `docker compose logs`, `docker service logs` and `kubectl logs --prefix`: the service, a bar, with `-t` a time. Its
 * colours go.
 */
function compose(line: string): Unwrapped | null {
  const plain = line.startsWith('\x1b') ? line.replace(COLOUR, '') : line;
  const match = COMPOSE.exec(plain);
  if (match === null) return null;
  const [{ length }, service, pod] = match;
  const stream = service ?? pod ?? '';
  return { text: plain.slice(length), wrapper: 'compose', partial: false, stream, program: null };
}

/** `daemon.info`, as busybox and OpenWrt write it. */
const FACILITY = '(?:[a-z]+\\d?\\.[a-z]+ )?';
const TAG = `${FACILITY}([\\w./@-]+)(?:\\[\\d+\\])?: ?`;
const CLOCK = '\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?';
/**
 * RFC 3164, with a year where some write one; `journalctl -o short-full` and `-o short-unix`; OpenWrt's `logread`; a
 * time without a T.
 */
const STAMPS = [
  `(?:[A-Z][a-z]{2} )?(?:\\d{4} )?[A-Z][a-z]{2} [ \\d]\\d (?:\\d{4} )?${CLOCK}(?: \\d{4})?`,
  `[A-Z][a-z]{2} \\d{4}-\\d\\d-\\d\\d ${CLOCK} [A-Z]{2,5}`,
  `\\d{4}-\\d\\d-\\d\\d ${CLOCK}`,
  '\\d{10}\\.\\d{6}',
].join('|');
const RFC3164 = new RegExp(`^(?:<\\d{1,3}>)?(?:${STAMPS}) ${FACILITY}(?:(\\S*[^: ]) )?${TAG}`);
/** rsyslog's own template and `journalctl -o short-iso`: RFC 3164 with an ISO time. */
const ISO = new RegExp(
  `^(?:<\\d{1,3}>)?\\d{4}-\\d\\d-\\d\\dT[\\d:.,]+(?:Z|[+-]\\d\\d:?\\d\\d) ${FACILITY}(\\S+) ${TAG}`,
);
const RFC5424 =
  /^(?:<\d{1,3}>)?1 (?:\d{4}-\d\d-\d\dT\S+|-) \S+ (\S+) \S+ \S+ (?:-|(?:\[(?:[^"\]]|"(?:[^"\\\]]|\\.)*")*\])+) ?/;
/** The priority alone, or with the program. */
const PRIORITY = /^<\d{1,3}>(?:()([\w./@-]+)(?:\[\d+\])?: ?)?(?=[\d[{a-f:])/;

/** Syslog, RFC 3164 and 5424. The host in the prefix is where the line was sent from, never the client. */
function syslog(line: string): Unwrapped | null {
  const rfc5424 = RFC5424.exec(line);
  const match = rfc5424 ?? RFC3164.exec(line) ?? ISO.exec(line) ?? PRIORITY.exec(line);
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
  if (line.charCodeAt(0) === OPEN_BRACE) return docker(line) ?? journal(line) ?? beat(line);
  for (const unwrapper of UNWRAPPERS) {
    const unwrapped = unwrapper(line);
    if (unwrapped !== null) return unwrapped;
  }
  return null;
}
