import { createJsonFormat } from './json-format';
import { createLogFormat } from './log-format';
import type { ParsedLine } from './parsed-line';
import { createTextFormat } from './text-format';

export type { ParsedLine } from './parsed-line';

export type LineParser = {
  /**
   * What the last recognised line was written in: `seed`, `common`, `common+time`, `combined`, `combined+time`, `json`
   * or `custom`; null until a line was recognised.
   */
  readonly format: string | null;
  /**
   * A hit, or the reason the line is none, for people to read. Never throws, whatever the line holds.
   * `line` is text without its line break; bytes outside ASCII are to be decoded as UTF-8 before.
   */
  parse(line: string): ParsedLine | string;
};

/**
 * A parser of access-log lines. Without `format` every line is recognised by itself, so a log may change its format
 * on the way. With `format`, an nginx `log_format` string, only that format counts: were other formats tried where it
 * does not fit, a client could craft a line that puts a forwarded address, which it chose itself, into the address's
 * place.
 *
 * Throws an Error saying what is wrong with `format`.
 */
export function createLineParser(options: { format?: string } = {}): LineParser {
  const custom = options.format ? createLogFormat(options.format) : null;
  const text = createTextFormat();
  const json = createJsonFormat();
  let format: string | null = null;
  return {
    get format() {
      return format;
    },
    parse(line) {
      const reader = custom ?? (line.charCodeAt(0) === 123 ? json : text);
      const parsed = reader.read(line);
      if (typeof parsed !== 'string') format = reader.format;
      return parsed;
    },
  };
}
