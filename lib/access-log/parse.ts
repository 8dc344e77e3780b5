import { type FormatReader, NOT_AN_ACCESS, type Reading } from './formats/format';
import { hostFromName } from './host-from-name';
import { createRecogniser } from './recognise';
import { createSetFormat } from './settings/set-format';
import { type Unwrapped, unwrap } from './wrappers/unwrap';

export { NOT_AN_ACCESS, type ParsedLine, type Reading } from './formats/format';

/** A line in parts (`docker`, `cri`) is joined up to this length. */
const LONGEST_LINE = 64 * 1024;
const SPACE = 32;
/**
 * What HAProxy sends to syslog besides its requests is about itself, and what these programs send never about an
 * access.
 */
const OTHER_PROGRAMS =
  /^(?:haproxy|kernel|systemd(?:-[\w-]+)?|init|crond?|anacron|sshd(?:-session)?|sudo|su|login|dbus(?:-daemon)?|polkitd|rsyslogd|syslog-ng|syslogd|NetworkManager|wpa_supplicant|dhc\w+|chronyd|ntpd|logrotate|certbot|dockerd|containerd|tailscaled|smartd|avahi-daemon)$/i;
/** How many wrappers may be nested: syslog inside Docker's, and no more. */
const DEEPEST = 3;

export type LineParser = {
  /** The format of the last hit (`combined+time`, `caddy`, `docker: npm`, …); null before the first one. */
  readonly format: string | null;
  /**
   * Returns a hit, the reason the line could not be read, in readable form, or `NOT_AN_ACCESS`. Never throws, whatever
   * the line holds. `line` is text without its line break; bytes outside ASCII must already be decoded as UTF-8.
   */
  parse(line: string): Reading;
  /** Returns whether there may be something to learn from a line that begins like this: the first bytes of it, latin1. */
  mayTeach(beginning: string): boolean;
  /** Learns from a line the layout of its file. Call it with many lines, before they are parsed. */
  learn(line: string): void;
  /** Takes the lines just before those that will be parsed, when reading continues in the middle of a file. */
  resume(lines: readonly string[]): void;
};

export type ParserOptions = {
  /** This log's format from `ACCESS_LOG_FORMAT`; undefined: recognised. */
  format?: string;
  /** The file's path: if it names a virtual host, hits without one get it. */
  path?: string;
};

/**
 * Creates a parser of one log's lines. Without `format` every line is recognised by its structure, so a log may change
 * its format on the way. With `format` only that applies: if other formats were tried where it does not match, a client
 * could craft a line that puts a forwarded address, which it chose itself, into the address field. Throws an Error
 * saying what is wrong with `format`.
 */
export function createLineParser(options: ParserOptions = {}): LineParser {
  const reader = options.format ? createSetFormat(options.format) : createRecogniser();
  return new Parser(reader, options.path === undefined ? null : hostFromName(options.path));
}

class Parser implements LineParser {
  /** The beginnings of lines that continue, by stream. */
  private readonly parts = new Map<string, string>();
  private wrapped = false;
  private wrapper = '';
  private recognised = false;

  constructor(
    private readonly reader: FormatReader,
    private readonly host: string | null,
  ) {}

  get format(): string | null {
    return this.recognised ? this.wrapper + this.reader.format : null;
  }

  parse(given: string): Reading {
    const line = clean(given);
    if (line === '') return NOT_AN_ACCESS;
    // The usual line has no wrapping; the usual line of a wrapped log has one.
    let reading: Reading = this.wrapped ? 'wrapped' : this.reader.read(line);
    let wrapper = '';
    if (reading === NOT_AN_ACCESS || typeof reading === 'string') {
      const unwrapped = unwrap(line);
      if (unwrapped !== null) {
        wrapper = `${unwrapped.wrapper}: `;
        const inside = this.parseInside(unwrapped, 1);
        // A line that is known not to be an access stays one if it only looks wrapped.
        if (typeof inside === 'string' && this.wrapped) reading = this.reader.read(line);
        if (typeof inside !== 'string' || reading !== NOT_AN_ACCESS) reading = inside;
      } else if (this.wrapped) reading = this.reader.read(line);
    }
    if (reading === NOT_AN_ACCESS || typeof reading === 'string') return reading;
    this.wrapped = wrapper !== '';
    this.wrapper = wrapper;
    this.recognised = true;
    if (this.host !== null && reading.host === null) reading.host = this.host;
    return reading;
  }

  mayTeach(beginning: string): boolean {
    return !this.reader.teachesNothing?.(beginning);
  }

  learn(given: string): void {
    let line = clean(given);
    for (let depth = 0; depth < DEEPEST; depth++) {
      const unwrapped = unwrap(line);
      if (unwrapped === null) break;
      if (unwrapped.partial) return;
      line = clean(unwrapped.text);
    }
    this.reader.learn?.(line);
  }

  resume(lines: readonly string[]): void {
    for (const line of lines) {
      this.learn(line);
      const unwrapped = unwrap(clean(line));
      if (unwrapped !== null) this.whole(unwrapped);
    }
  }

  private parseInside(unwrapped: Unwrapped, depth: number): Reading {
    const text = this.whole(unwrapped);
    if (text === null) return NOT_AN_ACCESS;
    if (text.length > LONGEST_LINE) return 'longer than 64 KiB';
    const line = clean(text);
    if (line === '') return NOT_AN_ACCESS;
    const reading = this.reader.read(line);
    if (reading === NOT_AN_ACCESS || typeof reading !== 'string') return reading;
    const deeper = depth < DEEPEST ? unwrap(line) : null;
    if (deeper !== null) return this.parseInside(deeper, depth + 1);
    return OTHER_PROGRAMS.test(unwrapped.program ?? '') ? NOT_AN_ACCESS : reading;
  }

  /** Returns the whole line that ends with `unwrapped`; `null` while it continues. */
  private whole({ text, partial, wrapper, stream }: Unwrapped): string | null {
    if (!partial && this.parts.size === 0) return text;
    const key = `${wrapper} ${stream}`;
    const joined = (this.parts.get(key) ?? '') + text;
    if (!partial) this.parts.delete(key);
    // Anything above the limit is rejected, so the rest is dropped.
    else this.parts.set(key, joined.slice(0, LONGEST_LINE + 1));
    return partial ? null : joined;
  }
}

/**
 * Removes leading blanks and a BOM, and the leading NULs of a file that was truncated while being written.
 */
function clean(line: string): string {
  const code = line.charCodeAt(0);
  if (code > SPACE && code !== 0xfeff) return line;
  return line.replace(/^[\0\ufeff \t]+/, '');
}
