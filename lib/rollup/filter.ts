import type { AccessFilter } from '../domain/access';
import type { Dictionaries } from './dictionaries';

/** What a filter says of a hit. */
export const NO = 0;
/** It is in the answer. */
export const COUNTED = 1;
/** It matches but for who made it, and is left out. */
export const LOOPBACK = 2;
export const NON_TAILNET = 3;
export const BOT = 4;
export const VERDICTS = 5;

/** Statuses have three digits; 0 stands for none. */
export const STATUSES = 1_000;
/** In a table whose values are verdicts or NO: leaves the verdict of another table as it is. */
const ANY = 0xff;

/**
 * A filter as lookup tables over the dictionaries, since it is asked of every row of a range. Whatever else a filter
 * gets to say, about names or parts of names, is a matter of how `compileFilter` fills the tables; asking stays as fast.
 */
export class CompiledFilter {
  constructor(
    /** By visitor id: NO, or what the visitor is to the answer. */
    private readonly visitor: Uint8Array,
    /** By endpoint id: NO or ANY. */
    private readonly endpoint: Uint8Array,
    /** By status: NO or ANY. */
    private readonly status: Uint8Array,
    /** What becomes of a bot's hit that would count otherwise. */
    private readonly bot: typeof COUNTED | typeof BOT,
  ) {}

  /** Judges a hit, or all the hits of a roll-up's row. `bot` is 1 for a bot's. */
  verdict(visitor: number, endpoint: number, status: number, bot: boolean): number {
    const who = this.visitor[visitor] ?? NO;
    if (who === NO || this.endpoint[endpoint] !== ANY || this.status[status] !== ANY) return NO;
    return bot && who === COUNTED ? this.bot : who;
  }
}

/** Prepares a filter for the numbers that the dictionaries give. */
export function compileFilter(filter: AccessFilter, names: Dictionaries): CompiledFilter {
  const visitor = Uint8Array.from(names.user, (user, id) => {
    const kind = names.kind[id];
    if (kind === undefined || !is(filter.collector, names.collector?.[id])) return NO;
    if (!is(filter.user, names.users[user]?.user)) return NO;
    if (!is(filter.device, names.devices[names.device[id] ?? 0]?.device)) return NO;
    if (kind === 'tailnet' || filter.nonTailnet) return COUNTED;
    return kind === 'loopback' ? LOOPBACK : NON_TAILNET;
  });
  const endpoint = Uint8Array.from(names.endpoints, (name) =>
    is(filter.endpoint, name) ? ANY : NO,
  );
  const status = new Uint8Array(STATUSES);
  if (!filter.status) status.fill(ANY);
  else if ('code' in filter.status) status[filter.status.code] = ANY;
  else status.fill(ANY, filter.status.class * 100, filter.status.class * 100 + 100);
  return new CompiledFilter(visitor, endpoint, status, filter.bots ? COUNTED : BOT);
}

/** Whether a filter, beyond what it leaves out, names something to look for. */
export function isNarrow({ user, device, endpoint, status, collector }: AccessFilter): boolean {
  return [user, device, endpoint, status, collector].some((named) => named !== undefined);
}

const is = (wanted: string | undefined, name: string | undefined) =>
  wanted === undefined || wanted === name;
