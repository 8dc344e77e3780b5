import type { TimeRange } from '../../domain/access';
import { COARSEST, HOURLY, startOf } from '../../rollup/resolutions';
import { digest } from './lines';
import type { HitLayer, Layer } from './points';
import { editionOf, stampOf } from './roll-up-stamp';

const HIT_LAYERS = ['raw', 'past'] as const;

/** Knows what a collector has in InfluxDB: the hours with hits, and the roll-ups. */
export class Inventory {
  /** The first hour with hits. */
  firstHour: number | undefined;
  /** By start: the stamp of an hour's last change. */
  private readonly hours = { raw: new Map<number, string>(), past: new Map<number, string>() };
  /** By layer and resolution, then by start: what a roll-up was made of. */
  private readonly rollUps = new Map<string, Map<number, string>>();
  /** By when their period starts, in weeks, then by its length and start. */
  private readonly stamps = new Map<number, Map<string, string | null>>();

  /** Records the last change of an hour; returns whether it is new. */
  noteHour(layer: HitLayer, hour: number, seq: string): boolean {
    const hours = this.hours[layer];
    if (hours.get(hour) === seq) return false;
    hours.set(hour, seq);
    this.firstHour = Math.min(hour, this.firstHour ?? hour);
    // Periods that hold the hour start in its week or in one of the two before, and a part of it after its start.
    const week = weekOf(hour);
    for (const near of [week - 2, week - 1, week, weekOf(hour + HOURLY)]) this.stamps.delete(near);
    return true;
  }

  noteRollUp(layer: Layer, resolution: number, start: number, of: string): void {
    const key = `${layer} ${resolution}`;
    const ids = this.rollUps.get(key) ?? new Map<number, string>();
    ids.set(start, of);
    this.rollUps.set(key, ids);
  }

  /** Returns the stamp of an hour's last change; `undefined` when the layer has none of its hits. */
  seqOf(layer: HitLayer, hour: number): string | undefined {
    return this.hours[layer].get(hour);
  }

  /**
   * Returns a stamp of the hours that a period touches, which changes when one of them does; `null` when none has hits.
   */
  stampOf(length: number, start: number): string | null {
    const week = weekOf(start);
    const near = this.stamps.get(week) ?? new Map<string, string | null>();
    this.stamps.set(week, near);
    const key = `${length} ${start}`;
    const stored = near.get(key);
    if (stored !== undefined) return stored;
    const stamp = this.makeStamp(length, start);
    near.set(key, stamp);
    return stamp;
  }

  /** Returns whether there is a roll-up made of `of`. */
  hasRollUp(layer: Layer, resolution: number, start: number, of: string): boolean {
    return this.edition(layer, resolution, start, of) > 0;
  }

  /** Returns how the roll-up made of `of` was counted; 0: there is none. */
  edition(layer: Layer, resolution: number, start: number, of: string): number {
    const made = this.rollUps.get(`${layer} ${resolution}`)?.get(start);
    return made !== undefined && stampOf(made) === of ? editionOf(made) : 0;
  }

  /** Yields the hours with hits that touch a range, unordered. */
  *hoursIn({ from, to }: TimeRange, layers: readonly HitLayer[] = HIT_LAYERS): Generator<number> {
    for (const layer of layers) {
      for (const hour of this.hours[layer].keys()) {
        if (hour > from - HOURLY && hour < to) yield hour;
      }
    }
  }

  private makeStamp(length: number, start: number): string | null {
    const seqs: string[] = [];
    for (const layer of HIT_LAYERS) {
      for (let hour = startOf(start, HOURLY); hour < start + length; hour += HOURLY) {
        const seq = this.hours[layer].get(hour);
        if (seq !== undefined) seqs.push(`${layer} ${hour} ${seq}`);
      }
    }
    return seqs.length === 0 ? null : digest(seqs.join('\n'));
  }
}

const weekOf = (time: number) => Math.floor(time / COARSEST);
