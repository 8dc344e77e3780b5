import { describe, expect, it } from 'vitest';
import type { PathSpan } from './connection';
import { uptimeOf, uptimeShare } from './uptime';

const span = (from: number, to: number, path: PathSpan['path']): PathSpan => ({
  ...{ nodeId: 'n', from, to, path },
});
const shareOf = (...spans: PathSpan[]) => uptimeShare(uptimeOf(spans, { from: 0, to: 100 }));

describe('uptime', () => {
  it('counts every answer, whatever its path', () => {
    expect(shareOf(span(0, 60, 'direct'), span(60, 90, 'relay'), span(90, 100, 'offline'))).toBe(
      0.9,
    );
    expect(shareOf(span(0, 50, 'peer_relay'), span(50, 100, 'offline'))).toBe(0.5);
    expect(shareOf(span(0, 50, 'idle'), span(50, 100, 'direct'))).toBe(1);
  });

  it('leaves out the time in which nobody could tell: it is no downtime', () => {
    expect(uptimeOf([span(0, 3, 'direct'), span(90, 91, 'offline')], { from: 0, to: 100 })).toEqual(
      {
        upMs: 3,
        knownMs: 4,
      },
    );
  });

  it('counts of each span what is within the range', () => {
    expect(uptimeOf([span(-50, 150, 'direct')], { from: 0, to: 100 }).knownMs).toBe(100);
    expect(uptimeOf([span(-50, -1, 'direct')], { from: 0, to: 100 }).knownMs).toBe(0);
  });

  it('is not known before the first look, rather than 0', () => {
    expect(shareOf()).toBeNull();
    expect(shareOf(span(4, 4, 'direct'))).toBeNull();
    expect(shareOf(span(0, 4, 'offline'))).toBe(0);
  });
});
