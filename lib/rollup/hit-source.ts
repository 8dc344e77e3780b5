import type { Dictionaries } from './dictionaries';
import type { HitBlock } from './hit-block';
import type { CellDetails, Cells } from './roll-up';

export type RollUpId = number | string;

/**
 * What questions about hits are answered from (`query.ts`), whatever it lies in: roll-ups by step and start, the hits of
 * an hour, and the names both refer to by number.
 */
export interface HitSource {
  dictionaries(): Dictionaries;
  /** The roll-up of a step that starts then, if there is one; one that has changed has another id. */
  rollUpId(step: number, start: number): RollUpId | undefined;
  /** When the first hour begins that there is a roll-up of. */
  firstHour(): number | undefined;
  cells(step: number, start: number): Iterable<Cells>;
  details(step: number, start: number): Iterable<Cells & CellDetails>;
  /** The hits of the hour that starts then; none once retention has taken them. */
  blocks(hour: number): Iterable<HitBlock>;
  /** The last `count` hours before `end` and not before `from` that have hits, newest first. */
  hoursBefore(end: number, from: number, count: number): number[];
  /** Node ids by visitor id. */
  nodes(): (string | undefined)[];
}
