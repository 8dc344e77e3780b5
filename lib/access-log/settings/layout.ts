import { closingQuote } from '../escapes';
import { shown } from '../fields';

/** A variable of a format, with the text before it. */
export type Part = {
  literal: string;
  /** As in the setting, for reasons. */
  variable: string;
  /** The field it fills; `null` when it is skipped. */
  field: Field | null;
  /** What a value can be, from its first character on; free text when there is none: a client may write anything. */
  values: RegExp | null;
};

export type Field =
  | 'ip'
  | 'time'
  | 'request'
  | 'method'
  | 'target'
  | 'rewritten'
  | 'status'
  | 'bytes'
  | 'seconds'
  | 'milliseconds'
  | 'microseconds'
  | 'agent'
  | 'host'
  | 'contentType';

export type Layout = { parts: readonly Part[]; end: string };

/** The values of a line by field, as in the line. */
export type Values = Map<Field, string>;

/** Both programs escape quotes in what clients write, so free text ends at the next unescaped one at the latest. */
const FREE = /(?:[^"\\]|\\.)*/y;
/** A line that can be split in more ways than this is hostile. */
const MOST_STEPS = 5_000;

/**
 * Splits a line by a layout, or returns why it does not match. The first of a repeated field counts. Where a format has
 * free text outside quotes, a client can write into it what looks like the fields after it. So the line is split twice,
 * with every free text as short and as long as possible: if the fields that say who requested what differ between the
 * two, the line is rejected.
 */
export class LayoutReader {
  private readonly sticky: RegExp[];
  private readonly ambiguous: boolean;
  private steps = 0;
  private starts: number[] = [];
  private ends: number[] = [];
  /** How far an attempt got, for the reason. */
  private furthest = 0;

  constructor(readonly layout: Layout) {
    this.sticky = layout.parts.map(({ values }) => values ?? FREE);
    this.ambiguous = layout.parts.some((part, i) => part.values === null && !this.isQuoted(i));
  }

  read(line: string): Values | string {
    const { parts } = this.layout;
    const first = parts[0]?.literal ?? '';
    if (!line.startsWith(first)) return `does not start with ${shown(first)}`;
    if (!this.split(line, false)) return this.reason(line);
    const values: Values = new Map();
    for (const [i, { field }] of parts.entries()) {
      if (field !== null && !values.has(field)) {
        values.set(field, line.substring(this.starts[i] ?? 0, this.ends[i] ?? 0));
      }
    }
    if (this.ambiguous) {
      const short = this.positionsOf();
      if (!this.split(line, true) || short !== this.positionsOf()) {
        return 'can be read in two ways, since free text stands outside quotes';
      }
    }
    return values;
  }

  private positionsOf(): string {
    return this.layout.parts
      .map(({ field }, i) => (field === null || field === 'agent' ? '' : this.starts[i]))
      .join(' ');
  }

  private split(line: string, longest: boolean): boolean {
    this.steps = 0;
    this.furthest = 0;
    this.starts = [];
    this.ends = [];
    return this.splitFrom(line, 0, this.layout.parts[0]?.literal.length ?? 0, longest);
  }

  /** Returns whether the line from `at` on is the value of part `i` and all that follows. */
  private splitFrom(line: string, i: number, at: number, longest: boolean): boolean {
    const { parts, end } = this.layout;
    if (i === parts.length) return at === line.length;
    if (++this.steps > MOST_STEPS) return false;
    this.furthest = Math.max(this.furthest, i);
    const literal = parts[i + 1]?.literal ?? end;
    const last = i === parts.length - 1;
    const run = this.runEnd(line, i, at);
    const tries = (stop: number) => {
      this.starts[i] = at;
      this.ends[i] = stop;
      return this.splitFrom(line, i + 1, stop + literal.length, longest);
    };
    if (literal === '') return tries(last ? Math.min(run, line.length) : run);
    if (longest) {
      for (let stop = line.lastIndexOf(literal, run); stop >= at; ) {
        if (tries(stop)) return true;
        if (this.steps > MOST_STEPS || stop === 0) return false;
        stop = line.lastIndexOf(literal, stop - 1);
      }
      return false;
    }
    for (let stop = line.indexOf(literal, at); stop >= 0 && stop <= run; ) {
      if (tries(stop)) return true;
      if (this.steps > MOST_STEPS) return false;
      stop = line.indexOf(literal, stop + 1);
    }
    return false;
  }

  /** Returns how far the value that starts at `at` can extend. */
  private runEnd(line: string, i: number, at: number): number {
    if (this.isQuoted(i)) {
      const end = closingQuote(line, at);
      return end < 0 ? at - 1 : end;
    }
    const sticky = this.sticky[i] ?? FREE;
    sticky.lastIndex = at;
    return sticky.test(line) ? sticky.lastIndex : at;
  }

  private isQuoted(i: number): boolean {
    const { parts, end } = this.layout;
    const literal = parts[i + 1]?.literal ?? end;
    return (parts[i]?.literal.endsWith('"') ?? false) && literal.startsWith('"');
  }

  private reason(line: string): string {
    if (this.steps > MOST_STEPS) return 'can be read in too many ways';
    const { parts, end } = this.layout;
    const part = parts[this.furthest];
    const literal = parts[this.furthest + 1]?.literal ?? end;
    const at = this.starts[this.furthest];
    if (literal === '')
      return `goes on after the format's end: ${shown(line.slice(this.ends.at(-1)))}`;
    if (at !== undefined && line.indexOf(literal, at) >= 0 && this.furthest === parts.length - 1) {
      return `goes on after the format's end: ${shown(line.slice((this.ends[this.furthest] ?? 0) + literal.length))}`;
    }
    return `no ${shown(literal)} after ${part?.variable}`;
  }
}
