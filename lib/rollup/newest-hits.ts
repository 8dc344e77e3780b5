import type { NamedHit, TimeRange } from '../domain/access';
import { type Cursor, newerFirst } from './cursor';
import type { Dictionaries } from './dictionaries';
import type { CompiledFilter } from './filter';
import { type HitBlock, hitAt } from './hit-block';

/** A hit as it is shown, and where it stands in the list. */
export type ListedHit = Cursor & { hit: NamedHit };

/** A hit as found: its row in a block. */
type FoundHit = Cursor & { block: HitBlock; row: number };

/** The newest matching hits of one hour. */
export class NewestHits {
  private kept: FoundHit[] = [];
  /** Older hits need not be added: there are enough newer ones. */
  private floor = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly hour: number,
    /** How many are kept. */
    private readonly most: number,
    private readonly filter: CompiledFilter,
  ) {}

  /**
   * Adds a block's matching hits that are in the range, and behind `after` in the list. Backwards, as logs are in order
   * of time: what is too old is then known early.
   */
  add(block: HitBlock, range: TimeRange, after: Cursor | null): void {
    const { filter, hour } = this;
    const { time, file, offset } = block.columns;
    const { ends, length } = filter.selectHits(block, hour, range);
    for (let run = length - 2; run >= 0; run -= 2) {
      const start = ends[run] ?? 0;
      for (let row = (ends[run + 1] ?? 0) - 1; row >= start; row--) {
        const t = hour + (time[row] ?? 0);
        if (t < this.floor) continue;
        const hit = { time: t, file: file[row] ?? 0, offset: offset[row] ?? 0, block, row };
        if (!after || newerFirst(hit, after) > 0) this.keep(hit);
      }
    }
  }

  /** Returns them, newest first, with their names. */
  listed(names: Dictionaries): ListedHit[] {
    return this.newest().map(({ time, file, offset, block, row }) => {
      return { time, file, offset, hit: named(block, row, this.hour, names) };
    });
  }

  private keep(hit: FoundHit): void {
    this.kept.push(hit);
    if (this.kept.length < 2 * this.most) return;
    this.kept = this.newest();
    this.floor = this.kept.at(-1)?.time ?? this.floor;
  }

  private newest(): FoundHit[] {
    return this.kept.sort(newerFirst).slice(0, this.most);
  }
}

/** Whether a hit is in the range, and behind `after` in the list. */
export function isWanted(hit: Cursor, { from, to }: TimeRange, after: Cursor | null): boolean {
  return hit.time >= from && hit.time < to && (!after || newerFirst(hit, after) > 0);
}

/** Each field by itself: what `...rest` leaves of an object is kept as a table, several times as large. */
function named(block: HitBlock, row: number, hour: number, names: Dictionaries): NamedHit {
  const hit = hitAt(block, row, hour);
  const visitor = block.columns.visitor[row] ?? 0;
  const ip = hit.ip ?? names.ip[visitor] ?? '';
  const { device = ip, id = null } = names.devices[names.device[visitor] ?? 0] ?? {};
  const endpoint = block.columns.endpoint[row] ?? 0;
  return {
    time: hit.time,
    ip,
    method: hit.method,
    path: hit.path,
    status: hit.status,
    responseMs: hit.responseMs,
    bytes: hit.bytes,
    client: hit.client,
    endpoint: names.endpoints[endpoint] ?? '',
    host: names.hosts[names.host[endpoint] ?? 0] ?? null,
    user: names.users[names.user[visitor] ?? 0]?.user ?? '',
    device: names.kind[visitor] === 'other' ? ip : device,
    deviceId: id,
    bot: hit.client === 'bot',
  };
}
