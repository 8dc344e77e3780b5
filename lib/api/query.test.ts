import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../util/time';
import { problemResponse } from './errors';
import { filterOf } from './filter-query';
import { accessLogsQuery, parseQuery, rangeOf, usageQuery } from './query';

const NOW = Date.UTC(2026, 10, 24, 8);
const parse = (search: string) => parseQuery(accessLogsQuery, new URLSearchParams(search));
const faults = async (search: string) => {
  try {
    rangeOf(parse(search), 24, NOW);
  } catch (error) {
    const response = problemResponse(error);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    return (await response.json()) as { detail: string; errors: { parameter: string }[] };
  }
  throw new Error(`${search} was accepted`);
};

describe('the parameters of the analytics calls', () => {
  it('are all optional', () => {
    const query = parse('');
    expect(query).toMatchObject({ limit: 100, bots: false });
    expect(rangeOf(query, 24, NOW)).toEqual({ from: NOW - DAY, to: NOW });
  });

  it('say a range in hours, days, or by its ends', () => {
    expect(rangeOf(parse('hours=3'), 24, NOW).from).toBe(NOW - 3 * HOUR);
    expect(rangeOf(parse('days=2'), 24, NOW).from).toBe(NOW - 48 * HOUR);
    const ends = 'from=2026-11-01T00:00:00Z&to=2026-11-02T01:00:00%2B01:00';
    expect(rangeOf(parse(ends), 24, NOW)).toEqual({
      from: Date.UTC(2026, 10, 1),
      to: Date.UTC(2026, 10, 2),
    });
  });

  it('filter by an exact code or a class', () => {
    expect(filterOf(parse('status=404'), false).status).toEqual({ code: 404 });
    expect(filterOf(parse('status=4xx&bots=true'), false)).toMatchObject({
      status: { class: 4 },
      bots: true,
    });
  });

  it('filter by several values, by what is not one, by the beginning of a path, and by text', () => {
    const filter = filterOf(
      parse(
        'user=a%40b.c&user=d,e&device=!iphone&endpoint=/git/*&endpoint=!/git/*x&endpoint=!*' +
          '&host=Git.Example.ORG&status=404&status=5xx&status=!502&q=IssueS',
      ),
      false,
    );
    expect(filter).toEqual({
      user: { is: ['a@b.c', 'd,e'], not: [] },
      device: { is: [], not: ['iphone'] },
      endpoint: { is: [{ prefix: '/git/' }], not: ['/git/*x', '*'] },
      host: 'git.example.org',
      status: { is: [{ code: 404 }, { class: 5 }], not: [{ code: 502 }] },
      text: 'IssueS',
      bots: false,
      nonTailnet: false,
    });
  });

  it.each([
    ['hours=0', 'hours', 'from 1 to'],
    ['hours=1e9', 'hours', 'from 1 to'],
    ['hours=1.5', 'hours', 'whole number'],
    ['limit=1001', 'limit', '1 to 1000'],
    ['limit=ten', 'limit', '1 to 1000'],
    ['status=600', 'status', '100 to 599'],
    ['status=4x', 'status', '1xx to 5xx'],
    ['bots=1', 'bots', 'true or false'],
    ['from=yesterday', 'from', 'ISO 8601'],
    ['from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', 'from', 'before'],
    ['from=1990-01-01T00:00:00Z', 'from', 'at most'],
    ['hours=1&days=1', 'days', 'together'],
    ['user=', 'user', '1 to 320'],
    [`endpoint=${'x'.repeat(300)}`, 'endpoint', '1 to 256'],
    ['user=a&user=', 'user', '1 to 320'],
    ['user=!', 'user', '1 to 320'],
    ['status=404,500', 'status', 'several times'],
    ['status=404&status=!6xx', 'status', '1xx to 5xx'],
    [`host=${'x'.repeat(254)}`, 'host', '1 to 253'],
    ['q=', 'q', '1 to 256'],
    ['q=a&q=b', 'q', 'more than once'],
    [Array(51).fill('device=a').join('&'), 'device', 'at most 50'],
    ['limit=1&limit=2', 'limit', 'more than once'],
    ['__proto__=1', '__proto__', 'not a parameter'],
    ['hour=1', 'hour', 'not a parameter'],
  ])('refuse %s, naming it and its bounds', async (search, parameter, word) => {
    const { detail, errors } = await faults(search);
    expect(errors.map((error) => error.parameter)).toContain(parameter);
    expect(detail).toContain(word);
  });

  it('name every fault at once', async () => {
    expect((await faults('hours=0&limit=0&foo=1')).errors).toHaveLength(3);
  });

  it('of dashboard-usage take no page', () => {
    expect(() => parseQuery(usageQuery, new URLSearchParams('cursor=1'))).toThrow();
  });
});

describe('an unexpected error', () => {
  it('tells the caller nothing of our inside', async () => {
    const response = problemResponse(new Error('secret /path/in/house'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
