import { type HitBlock, unpackHits } from '../../rollup/hit-block';
import { HOURLY, startOf } from '../../rollup/resolutions';
import { type RollUp, unpackRollUp } from '../../rollup/roll-up';
import { RollUpBuilder } from '../../rollup/roll-up-builder';
import { LRUCache } from '../../util/lru';
import { keyedMutex } from '../../util/mutex';
import { SECOND } from '../../util/time';
import type { Catalog } from './catalog';
import type { Influx } from './client';
import { timeOf } from './hit-codec';
import { decodeHour, readHits, type StoredHit } from './hit-decoder';

/** How many bytes of hits are remembered, besides those of the hours that still grow. */
const BYTES_REMEMBERED = 32 * 1024 * 1024;
/** The current hour and the one before grow; clocks that differ may make it one more. */
const GROWING_HOURS = 3;
/** Approximate memory of a hit in a block, and of an hour besides its hits. */
const HIT_BYTES = 120;
const HOUR_BYTES = 500;

/** An hour of hits as loaded. */
export type LoadedHour = {
  /** The last change by each collector with hits of the hour when it was read; the hits are at least as new. */
  seqs: readonly { collector: string; seq: string }[];
  blocks: readonly HitBlock[];
  /** By collector: the sum of its hits. */
  sums: ReadonlyMap<string, RollUp>;
  /** Single hits, so that new ones can be added; none for an hour that has ended. */
  hits: readonly StoredHit[];
};

/**
 * Loads hours of hits from InfluxDB and remembers them. For an hour that has only grown at its end it reads only the
 * new hits.
 */
export class HourLoader {
  private readonly growing = new LRUCache<number, LoadedHour>({ max: GROWING_HOURS });
  private readonly ended = new LRUCache<number, LoadedHour>({
    maxSize: BYTES_REMEMBERED,
    sizeCalculation: (hour) => Math.min(bytesOf(hour), BYTES_REMEMBERED),
  });
  private readonly inTurn = keyedMutex<number>();

  constructor(
    private readonly influx: Influx,
    private readonly catalog: Catalog,
    private readonly now: () => number,
  ) {}

  /** `remember`: whether an hour that has ended is kept in memory. Throws `StoreUnavailable`. */
  load(hour: number, remember: boolean): Promise<LoadedHour> {
    // In turn, since new hits of an hour are added to what the previous call has read.
    return this.inTurn(hour, () => this.loadNow(hour, remember));
  }

  private async loadNow(hour: number, remember: boolean): Promise<LoadedHour> {
    const before = this.growing.get(hour) ?? this.ended.get(hour);
    const seqs = this.seqsOf(hour);
    const changedFrom = this.catalog.takeChange(hour);
    const isChanged = changedFrom !== undefined || stampOf(before?.seqs ?? []) !== stampOf(seqs);
    if (before && !isChanged) return before;
    const canGrow = before && before.hits.length > 0 && changedFrom !== undefined;
    const from = canGrow ? Math.max(hour, startOf(changedFrom, SECOND)) : hour;
    const kept = canGrow ? before.hits.filter(({ hit }) => timeOf(hit) < from) : [];
    try {
      const read = await readHits(this.influx, from, hour + HOURLY);
      const decoded = decodeHour(hour, [...kept, ...read], this.catalog.names);
      const isGrowing = hour > this.now() - 2 * HOURLY;
      const loaded = {
        seqs,
        blocks: decoded.blocks.map(unpackHits),
        sums: sumsOf(seqs, decoded.rollUps),
        hits: isGrowing ? decoded.hits : [],
      };
      if (isGrowing) this.growing.set(hour, loaded);
      else this.growing.delete(hour);
      if (!isGrowing && remember) this.ended.set(hour, loaded);
      return loaded;
    } catch (error) {
      this.catalog.noteChange(hour, changedFrom ?? hour);
      throw error;
    }
  }

  private seqsOf(hour: number): { collector: string; seq: string }[] {
    return this.catalog.collectors().flatMap((collector) => {
      const seq = this.catalog.inventory(collector).seqOf('raw', hour);
      return seq === undefined ? [] : [{ collector, seq }];
    });
  }
}

const stampOf = (seqs: LoadedHour['seqs']) => JSON.stringify(seqs);

const bytesOf = ({ blocks }: LoadedHour) =>
  HOUR_BYTES + blocks.reduce((sum, { n }) => sum + n * HIT_BYTES, 0);

/** A collector whose hits have been deleted since has an empty sum. */
function sumsOf(
  seqs: LoadedHour['seqs'],
  rollUps: ReadonlyMap<string, RollUpBuilder>,
): Map<string, RollUp> {
  return new Map(
    seqs.map(({ collector }) => [
      collector,
      unpackRollUp((rollUps.get(collector) ?? new RollUpBuilder()).pack()),
    ]),
  );
}
