import { describe, expect, it } from 'vitest';
import { TimeZone } from '@/lib/domain/time-zone';
import { parseTrafficView, trafficHref, trafficParameters } from './traffic-view';

const parse = (query: string) => parseTrafficView(new URLSearchParams(query));

describe('the view of the traffic page', () => {
  it.each(['', '?range=7d', '?by=device', '?range=90d&by=user&collector=attic'])(
    'is written as %s, and read again',
    (query) => expect(trafficHref(parse(query))).toBe(`/vpn/traffic${query}`),
  );

  it('is the usual one where an address makes no sense', () => {
    expect(trafficHref(parse('?range=2y&by=colour&collector=a/b'))).toBe('/vpn/traffic');
  });

  it('has months and today as the owner’s calendar has them', () => {
    const now = Date.UTC(2026, 10, 1, 0, 30);
    expect(trafficParameters(parse(''), now, new TimeZone('Europe/Madrid'))).toEqual({
      ...{ days: 30, by: 'path', collector: undefined, today: '2026-10-31T23:00:00.000Z' },
      ...{ month: '2026-10-31T23:00:00.000Z', lastMonth: '2026-09-30T22:00:00.000Z' },
    });
  });
});
