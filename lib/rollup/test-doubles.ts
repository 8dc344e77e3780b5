import type { Hit, HostEndpoint } from '../domain/access';
import { DAY, HOUR, WEEK } from '../util/time';
import { type Dictionaries, dictionariesOf } from './dictionaries';
import { HitBatch } from './hit-batch';
import { type HitBlock, HitBlockBuilder, unpackHits } from './hit-block';
import { emptyRow } from './hit-row';
import type { HitSource } from './hit-source';
import { HOURLY, startOf } from './resolutions';
import { type RollUp, unpackRollUp } from './roll-up';
import { RollUpBuilder } from './roll-up-builder';
import { hasWanted, slicesOf, type WantedVisitors } from './slices';

/** 2026-11-19T00:00:00Z: the start of a week as roll-ups count them. */
export const T0 = Date.UTC(2026, 10, 19);

const HOSTS = ['git.example.org', 'photos.example.org', null, '100.64.0.9'];
/** What has more rows is divided: most of what there is, so that questions are answered from slices. */
const MOST_UNDIVIDED = 16;
const SLICE_ROWS = 8;
const KINDS = ['tailnet', 'tailnet', 'tailnet', 'loopback', 'other'] as const;

/** Hits in memory, rolled up whenever they are asked for: slow, and plain enough to be believed. */
export class MemorySource implements HitSource {
  private readonly hours = new Map<number, Hit[]>();
  private count = 0;
  private readonly ips: string[] = [];
  private readonly endpoints: HostEndpoint[] = [];

  /** Hits spread evenly over ten days. */
  static withHits(count: number): MemorySource {
    const source = new MemorySource();
    for (let i = 0; i < count; i++) {
      source.add({
        time: T0 + Math.floor((i / count) * 10 * DAY),
        endpoint: `/e${i % 7}`,
        host: HOSTS[i % 4] ?? null,
        ip: `100.64.0.${i % 5}`,
        status: i % 53 === 0 ? 502 : 200,
        responseMs: i % 3 === 0 ? null : i % 500,
        client: i % 11 === 0 ? 'bot' : 'browser',
      });
    }
    return source;
  }

  add(hit: Partial<Hit> & Pick<Hit, 'time' | 'endpoint'>): void {
    const position = { file: 1, offset: this.count++ };
    const most = { ip: '100.64.0.1', method: 'GET', path: hit.endpoint, status: 200, bytes: 10 };
    const hour = startOf(hit.time, HOURLY);
    const inHour = this.hours.get(hour) ?? [];
    this.hours.set(hour, inHour);
    inHour.push({ ...most, host: null, responseMs: 5, client: 'browser', position, ...hit });
    const { ip = most.ip, endpoint, host = null } = hit;
    if (!this.ips.includes(ip)) this.ips.push(ip);
    if (this.numberOf({ endpoint, host }) < 0) this.endpoints.push({ endpoint, host });
  }

  dictionaries(): Dictionaries {
    const version = `${this.ips.length}.${this.endpoints.length}`;
    const visitors = this.ips.map((ip, id) => {
      const identity = {
        nodeId: `n${id}`,
        device: `device-${id}`,
        user: `user-${id % 2}`,
        userName: '',
      };
      return { id, ip, kind: KINDS[id] ?? 'tailnet', identity };
    });
    return dictionariesOf(version, visitors, [...this.endpoints]);
  }

  deviceIds(): string[] {
    return this.ips.map((_, id) => `n${id}`);
  }

  /** Which roll-ups have been made, of any length. None of weeks, unless set, as if the week were not over. */
  isMade = (length: number, start: number) =>
    length > HOURLY && length < WEEK && start % length === 0;
  /** Hits before this are gone. */
  keptFrom = Number.NEGATIVE_INFINITY;

  rollUpId(length: number, start: number): string | undefined {
    if (length !== HOURLY && !this.isMade(length, start)) return undefined;
    const count = this.hitsIn(start, length).length;
    // Of an hour's two parts, both are made.
    const isThere =
      count > 0 || (length < HOURLY && this.hitsIn(startOf(start, HOURLY), HOUR).length > 0);
    return isThere ? `${length} ${start} ${count}` : undefined;
  }

  firstHour(): number | undefined {
    return this.hoursBefore(Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY).at(-1);
  }

  hasHits(hour: number): boolean {
    return hour >= this.keptFrom && this.hitsIn(hour, HOUR).length > 0;
  }

  hoursBefore(end: number, from: number, count: number): number[] {
    return [...this.hours.keys()]
      .filter((hour) => hour < end && hour >= from)
      .sort((a, b) => b - a)
      .slice(0, count);
  }

  rows(resolution: number, start: number, wanted: WantedVisitors = null): RollUp[] {
    return this.rollUp(resolution, start, wanted);
  }

  rollUp(resolution: number, start: number, wanted: WantedVisitors = null): RollUp[] {
    const builder = new RollUpBuilder();
    this.each(start, resolution, (row) => builder.add(row));
    if (wanted === null) return [unpackRollUp(builder.pack())];
    const slices = builder.slices(MOST_UNDIVIDED, SLICE_ROWS);
    return slices.filter((slice) => hasWanted(slice, wanted)).map(unpackRollUp);
  }

  blocks(hour: number, wanted: WantedVisitors = null): HitBlock[] {
    const whole = new HitBlockBuilder(hour);
    this.each(hour, HOUR, (row, batch) => {
      row.method = whole.string(batch.methods[row.method] ?? null);
      row.path = whole.string(batch.paths[row.path] ?? null);
      row.ip = whole.string(null);
      whole.add(row);
    });
    if (whole.n === 0) return [];
    const block = unpackHits(whole.pack());
    const { visitor } = block.columns;
    const slices = slicesOf(visitor, block.n, MOST_UNDIVIDED, SLICE_ROWS);
    if (slices === null) return hasWanted(whole.visitors, wanted) ? [block] : [];
    const builders = slices.runs.map(() => new HitBlockBuilder(hour));
    for (let i = 0; i < block.n; i++) {
      builders[slices.of[visitor[i] ?? 0] ?? 0]?.copyRow(block, i);
    }
    return builders
      .filter(({ visitors }) => hasWanted(visitors, wanted))
      .map((builder) => unpackHits(builder.pack()));
  }

  private each(
    start: number,
    length: number,
    add: (row: ReturnType<typeof emptyRow>, batch: HitBatch) => void,
  ): void {
    const batch = HitBatch.of(this.hitsIn(start, length));
    const row = emptyRow();
    for (let i = 0; i < batch.length; i++) {
      batch.readRow(i, row);
      row.visitor = this.ips.indexOf(batch.ips[row.ip] ?? '');
      row.endpoint = this.numberOf(batch.endpoints[row.endpoint] ?? { endpoint: '', host: null });
      add(row, batch);
    }
  }

  private numberOf({ endpoint, host }: HostEndpoint): number {
    return this.endpoints.findIndex((one) => one.endpoint === endpoint && one.host === host);
  }

  private hitsIn(start: number, length: number): Hit[] {
    const hits: Hit[] = [];
    for (let hour = startOf(start, HOURLY); hour < start + length; hour += HOURLY) {
      hits.push(...(this.hours.get(hour) ?? []));
    }
    return hits.filter(({ time }) => time >= start && time < start + length);
  }
}

/** Time zones, each with a time around which its clocks change, or are at no full hour of UTC. */
export const CLOCK_CHANGES: readonly [zone: string, at: number][] = [
  ['UTC', Date.UTC(2026, 9, 25)],
  ['Europe/Madrid', Date.UTC(2026, 2, 29)],
  ['Europe/Madrid', Date.UTC(2026, 9, 25)],
  ['America/St_Johns', Date.UTC(2026, 2, 8)],
  ['America/St_Johns', Date.UTC(2026, 10, 1)],
  ['Asia/Kathmandu', Date.UTC(2026, 5, 1)],
  ['Australia/Lord_Howe', Date.UTC(2026, 3, 4)],
  ['Australia/Lord_Howe', Date.UTC(2026, 9, 3)],
  ['Pacific/Apia', Date.UTC(2011, 11, 30)],
];
