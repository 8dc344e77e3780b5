import { describe, expect, it } from 'vitest';
import type { AccessFilter, NamedHit } from '../domain/access';
import { TimeZone } from '../domain/time-zone';
import { DAY, HOUR, MINUTE } from '../util/time';
import type { HitPage } from './hit-list';
import { Periods } from './periods';
import { QueryEngine } from './query-engine';
import { answer } from './question';
import { HOURLY, RESOLUTIONS } from './resolutions';
import { MemorySource, T0 } from './test-doubles';

const ALL: AccessFilter = { bots: true, nonTailnet: true };
const RANGE = { from: T0 + 17 * MINUTE, to: T0 + 9 * DAY + 5 * HOUR + 5 * MINUTE };
const ZONES = ['UTC', 'Asia/Kolkata', 'America/New_York'];
const FILTERS_PER_ZONE = 40;

const TERMS = {
  user: ['user-0', 'user-1', 'nobody'],
  device: ['device-0', 'n1', 'device-4', 'n9'],
  host: ['git.example.org', '(none)', 'rare.example.org', '100.64.0.9'],
  endpoint: ['/e1', { prefix: '/e' }, { prefix: '/rare/' }, '/gone'],
  status: [{ code: 502 }, { class: 2 }, { class: 5 }, { code: 418 }],
};
const TEXTS = ['RARE', 'photos', 'device-3', 'user-1', '/e2', 'nothing has this'];

/** The same numbers from 0 up to 1 each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

function randomFilter(random: () => number): AccessFilter {
  const some = <T>(terms: readonly T[]) => terms.filter(() => random() < 0.4);
  const maybe = <T>(terms: readonly T[]) =>
    random() < 0.5 ? undefined : { is: some(terms), not: random() < 0.6 ? [] : some(terms) };
  return {
    ...{ user: maybe(TERMS.user), device: maybe(TERMS.device), host: maybe(TERMS.host) },
    ...{ endpoint: maybe(TERMS.endpoint), status: maybe(TERMS.status) },
    text: random() < 0.7 ? undefined : TEXTS[Math.floor(random() * TEXTS.length)],
    ...{ bots: random() < 0.5, nonTailnet: true },
  };
}

type Chosen<T> = T | { is: readonly T[]; not: readonly T[] } | undefined;

/** Whether a value is what is asked for, in plain words. */
function isChosen<T>(wanted: Chosen<T>, is: (term: T) => boolean): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted !== 'object' || wanted === null || !('is' in wanted)) return is(wanted as T);
  return !wanted.not.some(is) && (wanted.is.length === 0 || wanted.is.some(is));
}

/** Whether the filter means a hit, in plain words. */
function matches(hit: NamedHit, filter: AccessFilter): boolean {
  const { user, device, deviceId, host, endpoint, status, bot } = hit;
  const text = filter.text?.toLowerCase();
  return (
    (filter.bots || !bot) &&
    isChosen(filter.user, (term) => term === user) &&
    isChosen(
      filter.device,
      (term) => term === deviceId || term === `device-${deviceId?.slice(1)}`,
    ) &&
    isChosen(filter.host, (term) => term === (host ?? '(none)')) &&
    isChosen(filter.endpoint, (term) =>
      typeof term === 'string' ? term === endpoint : endpoint.startsWith(term.prefix),
    ) &&
    isChosen(filter.status, (term) =>
      'code' in term ? term.code === status : term.class === Math.floor((status ?? 0) / 100),
    ) &&
    (text === undefined ||
      [user, `device-${deviceId?.slice(1)}`, host ?? '', endpoint].some((part) =>
        part.includes(text),
      ) ||
      device.includes(text))
  );
}

describe.each(ZONES)('filters at random, in %s', (name) => {
  const periods = new Periods(new TimeZone(name));
  const memory = MemorySource.withHits(10 * 24 * 12);
  for (const hours of [3, 18.4, 18.7, 77, 100.5, 101, 190]) {
    memory.add({
      ...{ time: T0 + Math.floor(hours * HOUR), endpoint: '/rare/1', status: 418 },
      ...{ host: 'rare.example.org', ip: `100.64.0.${Math.floor(hours) % 3}` },
    });
  }
  memory.isMade = (length, start) =>
    RESOLUTIONS.some((resolution) => {
      const { from, to } = periods.at(start, resolution);
      return resolution > HOURLY && from === start && to - from === length;
    });
  const engine = new QueryEngine(memory, () => periods);
  const { hits: all } = answer(engine.hits(RANGE, ALL, 100_000, null), memory);

  it('count and list what a plain loop finds, in every page and asked again', () => {
    const random = numbers(ZONES.indexOf(name) + 1);
    let found = 0;
    for (let i = 0; i < FILTERS_PER_ZONE; i++) {
      const filter = randomFilter(random);
      const expected = all.filter((hit) => matches(hit, filter));
      found += Math.min(1, expected.length);
      const said = JSON.stringify(filter);
      for (const limit of [1 + Math.floor(random() * 200), 10_000]) {
        const listed: NamedHit[] = [];
        let cursor: string | null = null;
        do {
          const page: HitPage = answer(engine.hits(RANGE, filter, limit, cursor), memory);
          listed.push(...page.hits);
          cursor = page.nextCursor;
        } while (cursor !== null && listed.length < 400);
        expect(listed, said).toEqual(expected.slice(0, listed.length));
        if (cursor === null) expect(listed, said).toHaveLength(expected.length);
      }
      const usage = answer(engine.usage(RANGE, filter), memory);
      expect(usage.totalAccesses, said).toBe(expected.length);
      expect(usage.bytes, said).toBe(expected.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));
      expect(answer(engine.totals(RANGE, filter), memory).hits, said).toBe(expected.length);
      const { byHost } = answer(engine.withLastAccesses(usage, RANGE, filter), memory);
      for (const { host, lastAccess } of byHost) {
        expect(lastAccess, said).toBe(expected.find((hit) => hit.host === host)?.time);
      }
    }
    expect(found).toBeGreaterThan(FILTERS_PER_ZONE / 4);
  });
});
