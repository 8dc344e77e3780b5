import { describe, expect, it } from 'vitest';
import { type AccessFilter, CLIENT_KINDS, type HostEndpoint } from '../domain/access';
import { HOUR } from '../util/time';
import { dictionariesOf } from './dictionaries';
import { COUNTED, compileFilter, LOOPBACK, NON_TAILNET, VISITOR_KINDS } from './filter';
import { HitBlockBuilder, unpackHits } from './hit-block';
import { emptyRow, type HitRow } from './hit-row';
import { unpackRollUp } from './roll-up';
import { RollUpBuilder } from './roll-up-builder';

const HOUR_0 = 500_000 * HOUR;
const KINDS = ['tailnet', 'tailnet', 'loopback', 'other'] as const;
const ENDPOINTS: HostEndpoint[] = [
  { host: null, endpoint: '/' },
  { host: 'git.example.org', endpoint: '/a' },
  { host: 'git.example.org', endpoint: '/b' },
  { host: 'photos.example.org', endpoint: '/b' },
  { host: 'photos.example.org', endpoint: '/b/c' },
];
const STATUSES = [0, 200, 404, 503];
const NAMES = dictionariesOf(
  '1',
  KINDS.map((kind, id) => ({
    ...{ id, ip: `100.64.0.${id}`, kind },
    identity: {
      nodeId: `n${id}`,
      device: `device-${id}`,
      user: `user-${id % 2}`,
      userName: `Name of user-${id % 2}`,
    },
  })),
  ENDPOINTS,
);

/** 600 hits, each a roll-up row or more of its own kind. */
const HITS: HitRow[] = Array.from({ length: 600 }, (_, i) => ({
  ...emptyRow(),
  offset: i,
  time: HOUR_0 + i * 6_000,
  visitor: (i * 7) % 4,
  endpoint: (i * 3) % 5,
  status: STATUSES[(i >> 2) % 4] ?? 0,
  client: (i * 11) % CLIENT_KINDS.length,
}));

/** Whether a value is what is asked for, in plain words. */
function isChosen<T>(
  wanted: T | { is: readonly T[]; not: readonly T[] } | undefined,
  is: (one: T) => boolean,
) {
  if (wanted === undefined) return true;
  if (typeof wanted !== 'object' || wanted === null || !('is' in wanted)) return is(wanted as T);
  if (wanted.not.some(is)) return false;
  return wanted.is.length === 0 || wanted.is.some(is);
}

/** What the filter says of a hit, in plain words: counted, left out for its visitor or as a bot's, or not matching. */
function judged(hit: HitRow, filter: AccessFilter): number | 'counted' | 'no' {
  const kind = KINDS[hit.visitor];
  const { host = null, endpoint = '' } = ENDPOINTS[hit.endpoint] ?? {};
  const [user, device] = [`user-${hit.visitor % 2}`, `device-${hit.visitor}`];
  const matches =
    isChosen(filter.user, (one) => one === user) &&
    isChosen(filter.device, (one) => one === device || one === `n${hit.visitor}`) &&
    isChosen(filter.host, (one) => one === (host ?? '(none)')) &&
    isChosen(filter.endpoint, (one) =>
      typeof one === 'string' ? one === endpoint : endpoint.startsWith(one.prefix),
    ) &&
    isChosen(filter.status, (one) =>
      'code' in one ? hit.status === one.code : Math.floor(hit.status / 100) === one.class,
    ) &&
    (filter.text === undefined ||
      [user, `Name of ${user}`, device, host ?? '', endpoint].some((part) =>
        part.toLowerCase().includes(filter.text?.toLowerCase() ?? ''),
      ));
  if (!matches) return 'no';
  if (kind !== 'tailnet' && !filter.nonTailnet) return kind === 'loopback' ? LOOPBACK : NON_TAILNET;
  return CLIENT_KINDS[hit.client] === 'bot' && !filter.bots ? COUNTED : 'counted';
}

const FILTERS: AccessFilter[] = [];
for (const bots of [true, false]) {
  for (const nonTailnet of [true, false]) {
    for (const user of [undefined, 'user-1', 'nobody']) {
      for (const device of [undefined, 'device-1']) {
        for (const endpoint of [undefined, '/b', '/gone']) {
          for (const status of [undefined, { code: 404 }, { class: 5 }]) {
            FILTERS.push({ bots, nonTailnet, user, device, endpoint, status });
          }
        }
      }
    }
  }
}

/** One of each kind of criterion: absent, plain, several, negated, both. */
const CHOICES: { [Name in keyof AccessFilter]-?: readonly AccessFilter[Name][] } = {
  user: [undefined, 'user-0', { is: ['user-0', 'nobody'], not: [] }, { is: [], not: ['user-1'] }],
  device: [
    undefined,
    'n2',
    { is: ['device-0', 'n1', 'n2'], not: ['device-2'] },
    { is: [], not: ['n0'] },
  ],
  endpoint: [
    undefined,
    { is: [{ prefix: '/b' }], not: [] },
    { is: ['/a', { prefix: '/b/' }], not: [] },
    { is: [{ prefix: '/' }], not: ['/b'] },
    { is: [], not: [{ prefix: '/b' }, '/a'] },
  ],
  host: [
    undefined,
    'git.example.org',
    '(none)',
    { is: ['git.example.org', '(none)'], not: [] },
    { is: [], not: ['git.example.org'] },
  ],
  status: [
    undefined,
    { is: [{ code: 404 }, { class: 5 }], not: [] },
    { is: [], not: [{ class: 4 }] },
    { is: [{ class: 2 }], not: [{ code: 200 }] },
  ],
  text: [undefined, 'B', 'GIT', 'name of user-1', 'device-3', 'nothing has this'],
  collector: [undefined],
  bots: [true, false],
  nonTailnet: [true, false],
};
for (let seed = 1; seed <= 400; seed++) {
  let state = seed;
  const any = <T>(of: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return of[(state >>> 8) % of.length] as T;
  };
  FILTERS.push({
    ...{ user: any(CHOICES.user), device: any(CHOICES.device), endpoint: any(CHOICES.endpoint) },
    ...{ host: any(CHOICES.host), status: any(CHOICES.status), text: any(CHOICES.text) },
    ...{ bots: any(CHOICES.bots), nonTailnet: any(CHOICES.nonTailnet) },
  });
}

function rowsIn({ ends, length }: { ends: Uint32Array; length: number }): number[] {
  const rows: number[] = [];
  for (let run = 0; run < length; run += 2) {
    for (let i = ends[run] ?? 0; i < (ends[run + 1] ?? 0); i++) rows.push(i);
  }
  return rows;
}

describe('a compiled filter', () => {
  const block = new HitBlockBuilder(HOUR_0);
  for (const hit of HITS) block.add(hit);
  const hits = unpackHits(block.pack());

  it('selects the hits of a block that match and are in the range, whatever the combination', () => {
    const ranges = [
      { from: HOUR_0, to: HOUR_0 + HOUR },
      { from: HOUR_0 - 1, to: HOUR_0 + 2 * HOUR },
      { from: HOUR_0 + 60_000, to: HOUR_0 + 1_800_000 },
      { from: HOUR_0 + HOUR, to: HOUR_0 + 2 * HOUR },
    ];
    for (const filter of FILTERS) {
      const compiled = compileFilter(filter, NAMES);
      for (const range of ranges) {
        const leftOut = new Float64Array(VISITOR_KINDS);
        const expected: number[] = [];
        const expectedOut = new Float64Array(VISITOR_KINDS);
        HITS.forEach((hit, i) => {
          if (hit.time < range.from || hit.time >= range.to) return;
          const verdict = judged(hit, filter);
          if (verdict === 'counted') expected.push(i);
          else if (verdict !== 'no') expectedOut[verdict] = (expectedOut[verdict] ?? 0) + 1;
        });
        const selected = rowsIn(compiled.selectHits(hits, HOUR_0, range, leftOut));
        expect(selected, JSON.stringify(filter)).toEqual(expected);
        expect(leftOut).toEqual(expectedOut);
      }
    }
  });

  it('counts as many hits by the rows of a roll-up as by the hits themselves', () => {
    const builder = new RollUpBuilder();
    for (const hit of HITS) builder.add(hit);
    const rollUp = unpackRollUp(builder.pack());
    const all = { from: HOUR_0, to: HOUR_0 + HOUR };
    for (const filter of FILTERS) {
      const compiled = compileFilter(filter, NAMES);
      const ofHits = new Float64Array(VISITOR_KINDS);
      const count = rowsIn(compiled.selectHits(hits, HOUR_0, all, ofHits)).length;
      const ofRows = new Float64Array(VISITOR_KINDS);
      const rows = rowsIn(compiled.selectRows(rollUp, ofRows));
      const sum = rows.reduce((n, i) => n + (rollUp.columns.hits[i] ?? 0), 0);
      expect(sum, JSON.stringify(filter)).toBe(count);
      expect(ofRows).toEqual(ofHits);
    }
  });

  it('takes no visitor for a match that the dictionaries do not know yet', () => {
    const compiled = compileFilter({ bots: true, nonTailnet: true }, NAMES);
    const later = new HitBlockBuilder(HOUR_0);
    later.add({ ...emptyRow(), time: HOUR_0, visitor: 99 });
    const range = { from: HOUR_0, to: HOUR_0 + HOUR };
    expect(rowsIn(compiled.selectHits(unpackHits(later.pack()), HOUR_0, range))).toEqual([]);
  });
});
