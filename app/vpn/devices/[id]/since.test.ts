import { describe, expect, it } from 'vitest';
import type { Path } from '../../../../lib/domain/device';
import { sinceWhen } from './since';

const minute = (count: number) => count * 60_000;
const iso = (count: number) => new Date(minute(count)).toISOString();
const span = (from: number, to: number, path: Path) => ({ from: iso(from), to: iso(to), path });
const range = { from: minute(0), to: minute(600) };
const isDirect = (path: Path) => path === 'direct';

describe('since when a path is in use', () => {
  it('is the beginning of its last stretch', () => {
    const spans = [span(0, 300, 'direct'), span(300, 400, 'relay'), span(400, 600, 'direct')];
    expect(sinceWhen({ spans }, range, isDirect)).toEqual({
      time: minute(400),
      isAtLeast: false,
    });
  });

  it('counts what holds alike as one: online over changing paths', () => {
    const spans = [span(0, 100, 'offline'), span(100, 300, 'relay'), span(300, 600, 'direct')];
    const isOnline = (path: Path) => path !== 'offline';
    expect(sinceWhen({ spans }, range, isOnline)?.time).toBe(minute(100));
  });

  it('is before the range when it held at its beginning', () => {
    const spans = [span(0, 600, 'direct')];
    expect(sinceWhen({ spans }, range, isDirect)).toEqual({ time: minute(0), isAtLeast: true });
  });

  it('is not known when another path is in use, or nobody looked lately', () => {
    expect(sinceWhen({ spans: [span(0, 600, 'relay')] }, range, isDirect)).toBeNull();
    expect(sinceWhen({ spans: [span(0, 500, 'direct')] }, range, isDirect)).toBeNull();
    expect(sinceWhen({ spans: [] }, range, isDirect)).toBeNull();
  });
});
