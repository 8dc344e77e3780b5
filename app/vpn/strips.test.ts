import { describe, expect, it } from 'vitest';
import type { MonitoredDevicesResponse } from '../../lib/api/health-schemas';
import { pathStrip } from '../_ui/path-runs';
import { advanced } from './strips';

const NOW = Date.UTC(2026, 10, 24, 12, 7);
const answer = (path: 'direct' | 'relay', id = 'a'): MonitoredDevicesResponse => ({
  generated_at: new Date(NOW).toISOString(),
  interval_seconds: 60,
  nodes: [
    {
      ...{ id, hostname: id, critical: true, online: true, path, relay_region: null },
      ...{ state: 'online', seen_by_control: true, last_seen: null, observed_24h_seconds: 0 },
      ...{ last_round: null, latency_ms: null, loss: null, jitter_ms: null },
      ...{ uptime_24h: null, flaps_24h: 0 },
    },
  ],
});
const day = pathStrip([{ from: NOW - 86_400_000, to: NOW, path: 'direct' }], NOW);

describe('the days of the critical devices', () => {
  it('take in what each answer says of the path', () => {
    const { a } = advanced({ a: day }, answer('relay'));
    expect(a?.runs).toEqual([
      { path: 'direct', cells: 95 },
      { path: 'relay', cells: 1 },
    ]);
  });

  it('are the same when an answer is taken in twice, as React may', () => {
    const once = advanced({ a: day }, answer('relay'));
    expect(advanced(once, answer('relay'))).toEqual(once);
  });

  it('begin unknown for a device that was not there before, and stay for one that has gone', () => {
    const { a, b } = advanced({ a: day }, answer('direct', 'b'));
    expect(a).toBe(day);
    expect(b?.runs).toEqual([
      { path: null, cells: 95 },
      { path: 'direct', cells: 1 },
    ]);
  });

  it('are left as they were given while there is no answer', () => {
    const given = { a: day };
    expect(advanced(given, undefined)).toBe(given);
  });
});
