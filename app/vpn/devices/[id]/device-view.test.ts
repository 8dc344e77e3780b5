import { describe, expect, it } from 'vitest';
import { TimeZone, UTC } from '../../../../lib/domain/time-zone';
import { deviceHref, nameInUrl, parseDeviceView, toggleCompared } from './device-view';

const parse = (query: string, zone = UTC) => parseDeviceView(new URLSearchParams(query), zone);

describe('the view of a device’s page', () => {
  it('is the last day, alone, unless the URL says otherwise', () => {
    expect(parse('')).toEqual({ range: 24, compare: [], collector: undefined });
    expect(parse('hours=5&compare=')).toEqual({ range: 24, compare: [], collector: undefined });
    expect(parse('hours=168&compare=git,dev&collector=attic')).toEqual({
      range: 168,
      compare: ['git', 'dev'],
      collector: 'attic',
    });
    expect(parse('collector=%3Cb%3E').collector).toBeUndefined();
  });

  it('compares each device once, and three at most', () => {
    expect(parse('compare=a,a,,b,c,d').compare).toEqual(['a', 'b', 'c']);
    expect(parse(`compare=${'x'.repeat(300)}`).compare).toEqual([]);
  });

  it('survives the way to a URL and back', () => {
    for (const view of [
      parse(''),
      parse('hours=8760'),
      parse('compare=git,a b&hours=1&collector=attic'),
      parse('from=2026-11-01T08:00:00Z&to=2026-11-01T12:30:00Z&compare=git'),
    ]) {
      const url = new URL(deviceHref('n/1', view), 'http://x');
      expect(url.pathname).toBe('/vpn/devices/n%2F1');
      expect(parseDeviceView(url.searchParams, UTC)).toEqual(view);
    }
  });

  it('may be from one time to another, of the reader’s zone; a reversed one is no range', () => {
    const madrid = new TimeZone('Europe/Madrid');
    const { range } = parse('from=2026-11-01T09:00&to=2026-11-01T11:00&hours=168', madrid);
    expect(range).toEqual({ from: Date.UTC(2026, 10, 1, 8), to: Date.UTC(2026, 10, 1, 10) });
    expect(parse('from=2026-11-01T11:00&to=2026-11-01T09:00').range).toBe(24);
  });

  it('keeps the URL readable', () => {
    expect(deviceHref('n1', parse('compare=git,dev'))).toBe('/vpn/devices/n1?compare=git,dev');
    expect(deviceHref('n1', parse(''))).toBe('/vpn/devices/n1');
  });
});

describe('toggleCompared', () => {
  it('adds, takes away, and lets the oldest go', () => {
    const one = toggleCompared(parse(''), 'a');
    expect(one.compare).toEqual(['a']);
    expect(toggleCompared(one, 'a').compare).toEqual([]);
    expect(toggleCompared(parse('compare=a,b,c'), 'd').compare).toEqual(['b', 'c', 'd']);
  });
});

describe('nameInUrl', () => {
  const node = { id: 'n1', hostname: 'git' };
  it('is the host name when that is enough', () => {
    expect(nameInUrl(node, [node, { id: 'n2', hostname: 'dev' }])).toBe('git');
  });
  it('is the id when the name is shared, or would break the list', () => {
    expect(nameInUrl(node, [node, { id: 'n2', hostname: 'git' }])).toBe('n1');
    expect(nameInUrl({ id: 'n3', hostname: 'a,b' }, [])).toBe('n3');
    expect(nameInUrl({ id: 'n3', hostname: '' }, [])).toBe('n3');
  });
});
