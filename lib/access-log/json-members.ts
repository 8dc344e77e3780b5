import { closingQuote } from './escapes';

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN = 123;
const CLOSE = 125;

/**
 * The kind of a value. `bare`: unquoted text that is not JSON, as nginx leaves it for an empty or a listed variable.
 */
export type ValueKind = 'string' | 'number' | 'object' | 'array' | 'literal' | 'bare';

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*[,}\]])/y;
const LITERAL = /(?:true|false|null)(?=\s*[,}\]])/y;
/** `-`, nothing, `0.104, 0.201`, `unix:/run/php.sock`, `HIT`: up to the next key or the end. */
const BARE = /[^"\\{}]{0,2000}?(?=,\s*"|\s*\}\s*$)/y;

/**
 * Iterates over the members of a JSON object in a line without building it: the reader takes the few it needs and skips
 * the rest. It checks the structure on its way, down to the last bracket: a line that was truncated or merged with
 * another is not an object. More lenient than JSON in one respect, `bare` values.
 */
export class JsonMembers {
  kind: ValueKind = 'literal';
  keyStart = 0;
  keyEnd = 0;
  /** Of a string: without its quotes. */
  valueStart = 0;
  valueEnd = 0;
  /** The structure is broken: nothing that was read can be trusted. */
  broken = false;
  /** Where the object ends, once `next` has returned false. */
  end = 0;
  private at: number;
  private first = true;

  /** Reads the object whose `{` is at `open`. */
  constructor(
    readonly line: string,
    open: number,
  ) {
    this.at = open + 1;
    this.broken = line.charCodeAt(open) !== OPEN;
  }

  /** Advances to the next member; returns false at the end, and when the structure is broken. */
  next(): boolean {
    if (this.broken) return false;
    const { line } = this;
    let at = this.blank(this.at);
    if (line.charCodeAt(at) === CLOSE) return this.finish(at + 1);
    if (!this.first) {
      if (line.charCodeAt(at) !== COMMA) return this.fail();
      at = this.blank(at + 1);
    }
    this.first = false;
    if (line.charCodeAt(at) !== QUOTE) return this.fail();
    const keyEnd = this.stringEnd(at + 1);
    if (keyEnd < 0) return this.fail();
    this.keyStart = at + 1;
    this.keyEnd = keyEnd;
    at = keyEnd + 1;
    if (line.charCodeAt(at) !== COLON) {
      at = this.blank(at);
      if (line.charCodeAt(at) !== COLON) return this.fail();
    }
    return this.value(this.blank(at + 1));
  }

  /** Returns whether the key is `name`. */
  is(name: string): boolean {
    // Not startsWith, which compares character by character.
    return this.keyEnd - this.keyStart === name.length && this.key() === name;
  }

  key(): string {
    return this.line.substring(this.keyStart, this.keyEnd);
  }

  /** Returns the value as in the line, including escapes; empty for `null`. */
  text(): string {
    if (this.kind === 'literal' && this.line.startsWith('null', this.valueStart)) return '';
    return this.line.substring(this.valueStart, this.valueEnd);
  }

  /** Returns the first string of an array of strings, or the string itself; `null` when it is neither. */
  firstText(): string | null {
    if (this.kind === 'string') return this.text();
    if (this.kind !== 'array') return null;
    const at = this.blank(this.valueStart + 1);
    if (this.line.charCodeAt(at) !== QUOTE) return null;
    const end = this.stringEnd(at + 1);
    return end < 0 ? null : this.line.substring(at + 1, end);
  }

  /** Returns the members of the object that is the value. */
  members(): JsonMembers {
    return new JsonMembers(this.line, this.valueStart);
  }

  private value(at: number): boolean {
    const { line } = this;
    const code = line.charCodeAt(at);
    this.valueStart = at;
    if (code === QUOTE) {
      const end = this.stringEnd(at + 1);
      if (end < 0) return this.fail();
      this.kind = 'string';
      this.valueStart = at + 1;
      this.valueEnd = end;
      this.at = end + 1;
      return true;
    }
    if (code === OPEN || code === OPEN_ARRAY) {
      const end = this.nestedEnd(at);
      if (end < 0) return this.fail();
      this.kind = code === OPEN ? 'object' : 'array';
      this.valueEnd = end;
      this.at = end;
      return true;
    }
    return (
      this.unquoted(NUMBER, 'number', at) ||
      this.unquoted(LITERAL, 'literal', at) ||
      this.unquoted(BARE, 'bare', at) ||
      this.fail()
    );
  }

  private unquoted(pattern: RegExp, kind: ValueKind, at: number): boolean {
    pattern.lastIndex = at;
    if (!pattern.test(this.line)) return false;
    let end = pattern.lastIndex;
    while (kind === 'bare' && end > at && this.line.charCodeAt(end - 1) === SPACE) end--;
    // `0.104, 0.201`: what follows the comma is not a key.
    if (kind === 'number' && this.line.charCodeAt(end) === COMMA) {
      if (this.line.charCodeAt(this.blank(end + 1)) !== QUOTE) return false;
    }
    this.kind = kind;
    this.valueEnd = end;
    this.at = end;
    return true;
  }

  /** Returns the index after the bracket that closes the one at `at`; -1 when there is none. */
  private nestedEnd(from: number): number {
    const { line } = this;
    let depth = 0;
    for (let at = from; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if (code === QUOTE) {
        at = this.stringEnd(at + 1);
        if (at < 0) return -1;
        const next = line.charCodeAt(at + 1);
        const ends = next === COMMA || next === COLON || next === CLOSE || next === CLOSE_ARRAY;
        if (!ends && next !== 32 && next !== 9) return -1;
      } else if (code === OPEN || code === OPEN_ARRAY) depth++;
      else if ((code === CLOSE || code === CLOSE_ARRAY) && --depth === 0) return at + 1;
    }
    return -1;
  }

  private stringEnd(from: number): number {
    const end = this.line.indexOf('"', from);
    return end > 0 && this.line.charCodeAt(end - 1) === 92 ? closingQuote(this.line, from) : end;
  }

  /** Returns the next index without a blank. */
  private blank(from: number): number {
    let at = from;
    while (this.line.charCodeAt(at) === 32 || this.line.charCodeAt(at) === 9) at++;
    return at;
  }

  private finish(end: number): false {
    this.end = end;
    return false;
  }

  private fail(): false {
    this.broken = true;
    return false;
  }
}
