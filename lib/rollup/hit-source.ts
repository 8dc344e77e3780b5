import type { Dictionaries } from './dictionaries';
import type { HitBlock } from './hit-block';
import type { RollUp, RollUpRows } from './roll-up';
import type { WantedVisitors } from './slices';

/** Tells one state of a roll-up from another. */
export type RollUpId = number | string;

/** A roll-up: the one of a period that is so long and starts then, as it was when it was found. */
export type RollUpRef = { resolution: number; start: number; id: RollUpId };

/**
 * What hits and roll-ups there are, known without reading them. A database at hand looks it up; a remote one keeps it in
 * memory and brings it up to date before a question is asked.
 */
export interface HitCatalog {
  dictionaries(): Dictionaries;
  /**
   * The id of the roll-up of a period that is so long (`resolution`) and starts then, if there is one; one that has
   * changed has another. A period may be a part of an hour.
   */
  rollUpId(resolution: number, start: number): RollUpId | undefined;
  /** The start of the first hour that there is a roll-up of. */
  firstHour(): number | undefined;
  /** Whether single hits are kept of the hour that starts then; false once retention has taken them. */
  hasHits(hour: number): boolean;
  /** The last `count` hours before `end` and not before `from` that have hits, newest first. */
  hoursBefore(end: number, from: number, count: number): number[];
  /** Device ids by visitor id. */
  deviceIds(): (string | undefined)[];
}

/**
 * Reads hits and roll-ups, each at least as new as the catalog was when they were found there. Several parts, one per
 * collector or slice for instance, count together; what has gone meanwhile has no parts. Those without any of the wanted
 * visitors may be left out.
 */
export interface HitReader {
  /** The counts of a roll-up, without sizes and response times. */
  rows(resolution: number, start: number, wanted: WantedVisitors): Iterable<RollUpRows>;
  rollUp(resolution: number, start: number, wanted: WantedVisitors): Iterable<RollUp>;
  /** The hits of the hour that starts then. */
  blocks(hour: number, wanted: WantedVisitors): Iterable<HitBlock>;
}

/** A database at hand: what the catalog names can be read at once. */
export interface HitSource extends HitCatalog, HitReader {}
