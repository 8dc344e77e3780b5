import {
  type AccessFilter,
  type EndpointTerm,
  NO_HOST,
  type StatusFilter,
  type TimeRange,
} from '../domain/access';
import { chooser } from '../domain/choice';
import { HOUR } from '../util/time';
import { plus } from './accumulator';
import type { Dictionaries } from './dictionaries';
import type { HitBlock } from './hit-block';
import { BOT } from './hit-row';
import type { RollUpRows } from './roll-up';
import { runsIn, type WantedVisitors } from './slices';

/** What a visitor is to an answer. Hits of NO do not match; those of the others match, and count if COUNTED. */
const NO = 0;
export const COUNTED = 1;
export const LOOPBACK = 2;
export const NON_TAILNET = 3;
/** How many there are. */
export const VISITOR_KINDS = 4;

/** Statuses have three digits; 0 is none. */
export const STATUSES = 1_000;

/**
 * Rows that a filter has selected, as runs of neighbours: `ends` holds where each begins and, behind it, where it ends;
 * `length` is twice the number of runs.
 */
export type Selection = { ends: Uint32Array; length: number };

/** The rows of a roll-up or a block, as the filter sees them. */
type Candidates = {
  n: number;
  visitor: Uint32Array;
  endpoint: Uint16Array;
  status: Uint16Array;
  /** What made the requests; `bot` is the value for bots. */
  client: Uint8Array;
  bot: number;
  /** How many hits each row is; null: one. */
  hits: Uint32Array | null;
  /** Rows count from `from` up to, not including, `to`; null: whenever. */
  time: Uint32Array | null;
  from: number;
  to: number;
};

/**
 * A filter as lookup tables over the dictionaries, since it is asked of every row of a range. Whatever a filter says of
 * names or parts of names is a matter of how `compileFilter` fills the tables, and costs the rows nothing.
 */
export class CompiledFilter {
  constructor(
    /** By visitor id: what the visitor is to the answer. */
    private readonly ofVisitor: Uint8Array,
    /** By endpoint id, 1: it matches; null: every endpoint does. */
    private readonly ofEndpoint: Uint8Array | null,
    /** By status, likewise. */
    private readonly ofStatus: Uint8Array | null,
    /** Rows match only if their visitor or their endpoint is 1; null: all do. */
    private readonly ofText: { visitor: Uint8Array; endpoint: Uint8Array } | null,
    private readonly bots: boolean,
    /** The visitors that are something to the answer, where the filter names some: rows of others need not be read. */
    readonly visitors: WantedVisitors,
  ) {}

  /**
   * Selects the rows of a roll-up that count. Adds the hits that match and do not count to `leftOut`, by what their
   * visitor is; those of COUNTED ones are bots'. The selection is good until the next one is made.
   */
  selectRows({ n, columns }: RollUpRows, leftOut: Float64Array = ignored): Selection {
    const { visitor, endpoint, status, bot, hits } = columns;
    const anyTime = { time: null, from: 0, to: 0 };
    return this.select(
      { n, visitor, endpoint, status, client: bot, bot: 1, hits, ...anyTime },
      leftOut,
    );
  }

  /** Selects the hits of a block that are in a range and count, as `selectRows` does; `hour` is the block's start. */
  selectHits(
    { n, columns }: HitBlock,
    hour: number,
    range: TimeRange,
    leftOut: Float64Array = ignored,
  ): Selection {
    const { visitor, endpoint, status, client } = columns;
    const from = range.from - hour;
    const to = range.to - hour;
    const time = from <= 0 && to >= HOUR ? null : columns.time;
    return this.select(
      { n, visitor, endpoint, status, client, bot: BOT, hits: null, time, from, to },
      leftOut,
    );
  }

  /** The filter's only predicate. Its loop is what questions spend their time in. */
  private select(candidates: Candidates, leftOut: Float64Array): Selection {
    const { n, visitor, endpoint, status, client, bot, hits, time, from, to } = candidates;
    const { ofVisitor, ofEndpoint, ofStatus, bots } = this;
    const { visitor: textVisitor, endpoint: textEndpoint } = this.ofText ?? NO_TEXT;
    // Local, since a bundled module looks its constants up each time.
    const no = NO;
    const counted = COUNTED;
    // Most questions look at nothing but the visitor.
    const byVisitor =
      time === null && ofEndpoint === null && ofStatus === null && textVisitor === null;
    const ends = roomFor(n);
    let length = 0;
    let start = 0;
    for (let i = 0; i < n; i++) {
      const who = ofVisitor[visitor[i] ?? 0] ?? no;
      if (
        who !== no &&
        (byVisitor ||
          ((time === null || ((time[i] ?? 0) >= from && (time[i] ?? 0) < to)) &&
            (ofEndpoint === null || ofEndpoint[endpoint[i] ?? 0] === 1) &&
            (ofStatus === null || ofStatus[status[i] ?? 0] === 1) &&
            (textVisitor === null ||
              textVisitor[visitor[i] ?? 0] === 1 ||
              textEndpoint?.[endpoint[i] ?? 0] === 1)))
      ) {
        if (who === counted && (bots || client[i] !== bot)) continue;
        plus(leftOut, who, hits === null ? 1 : (hits[i] ?? 0));
      }
      // The row is not selected: the run before it ends.
      if (i > start) {
        ends[length++] = start;
        ends[length++] = i;
      }
      start = i + 1;
    }
    if (n > start) {
      ends[length++] = start;
      ends[length++] = n;
    }
    selection.length = length;
    return selection;
  }
}

/** There is one, since it is as large as the largest roll-up, and read at once. */
const selection: Selection = { ends: new Uint32Array(1_024), length: 0 };
const ignored = new Float64Array(VISITOR_KINDS);
const NO_TEXT = { visitor: null, endpoint: null };

/** Returns room for the most runs that `n` rows can have. */
function roomFor(n: number): Uint32Array {
  if (selection.ends.length < n + 1) selection.ends = new Uint32Array(2 * n);
  return selection.ends;
}

/** Prepares a filter for the numbers that the dictionaries give. */
export function compileFilter(filter: AccessFilter, names: Dictionaries): CompiledFilter {
  const { user, device, endpoint, host, status, text, collector } = filter;
  const isUser = names.users.map(chooser(user, (wanted, { user }) => wanted === user));
  const isDevice = names.devices.map(
    chooser(device, (wanted, { device, id }) => wanted === device || wanted === id),
  );
  const ofVisitor = tableOf(names.user.length, (id) => {
    const kind = names.kind[id];
    if (kind === undefined || (collector !== undefined && collector !== names.collector?.[id])) {
      return NO;
    }
    if (!isUser[names.user[id] ?? 0] || !isDevice[names.device[id] ?? 0]) return NO;
    if (kind === 'tailnet' || filter.nonTailnet) return COUNTED;
    return kind === 'loopback' ? LOOPBACK : NON_TAILNET;
  });
  return new CompiledFilter(
    ofVisitor,
    endpointTable(endpoint, host, names),
    status === undefined ? null : statusTable(status),
    text === undefined ? null : textTables(text.toLowerCase(), names),
    filter.bots,
    user === undefined && device === undefined && collector === undefined
      ? null
      : runsIn(ofVisitor),
  );
}

/** Returns whether a filter, beyond what it leaves out, names something to look for. */
export function isNarrow(filter: AccessFilter): boolean {
  const { user, device, endpoint, host, status, text, collector } = filter;
  return [user, device, endpoint, host, status, text, collector].some((any) => any !== undefined);
}

function endpointTable(
  endpoint: AccessFilter['endpoint'],
  host: AccessFilter['host'],
  names: Dictionaries,
): Uint8Array | null {
  if (endpoint === undefined && host === undefined) return null;
  const isHost = names.hosts.map(chooser(host, (wanted, name) => wanted === (name ?? NO_HOST)));
  const isEndpoint = chooser(endpoint, (wanted: EndpointTerm, name: string) =>
    typeof wanted === 'string' ? wanted === name : name.startsWith(wanted.prefix),
  );
  return tableOf(names.endpoints.length, (e) =>
    isHost[names.host[e] ?? 0] && isEndpoint(names.endpoints[e] ?? '') ? 1 : 0,
  );
}

function statusTable(status: NonNullable<AccessFilter['status']>): Uint8Array {
  const isStatus = chooser(status, (wanted: StatusFilter, code: number) =>
    'code' in wanted ? wanted.code === code : wanted.class === Math.floor(code / 100),
  );
  return tableOf(STATUSES, (code) => (isStatus(code) ? 1 : 0));
}

function textTables(text: string, names: Dictionaries) {
  const has = (...texts: (string | null)[]) =>
    texts.some((one) => one?.toLowerCase().includes(text)) ? 1 : 0;
  const users = names.users.map(({ user, userName }) => has(user, userName));
  const devices = names.devices.map(({ device }) => has(device));
  const hosts = names.hosts.map((host) => has(host));
  return {
    visitor: tableOf(
      names.user.length,
      (id) => (users[names.user[id] ?? 0] ?? 0) | (devices[names.device[id] ?? 0] ?? 0),
    ),
    endpoint: tableOf(
      names.endpoints.length,
      (e) => has(names.endpoints[e] ?? '') | (hosts[names.host[e] ?? 0] ?? 0),
    ),
  };
}

/** Returns a table of `length` small numbers; `Uint8Array.from` would first make a list of them. */
function tableOf(length: number, value: (i: number) => number): Uint8Array {
  const table = new Uint8Array(length);
  for (let i = 0; i < length; i++) table[i] = value(i);
  return table;
}
