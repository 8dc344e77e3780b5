import { describe, expect, it } from 'vitest';
import { deviceHref, nameInUrl, parseDeviceView, toggleCompared } from './device-view';

const parse = (query: string) => parseDeviceView(new URLSearchParams(query));

describe('the view of a device’s page', () => {
  it('is the last day, alone, unless the URL says otherwise', () => {
    expect(parse('')).toEqual({ hours: 24, compare: [], collector: undefined });
    expect(parse('hours=5&compare=')).toEqual({ hours: 24, compare: [], collector: undefined });
    expect(parse('hours=168&compare=git,dev&collector=attic')).toEqual({
      hours: 168,
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
    ]) {
      const url = new URL(deviceHref('n/1', view), 'http://x');
      expect(url.pathname).toBe('/vpn/devices/n%2F1');
      expect(parseDeviceView(url.searchParams)).toEqual(view);
    }
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
