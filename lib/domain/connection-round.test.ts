import { describe, expect, it } from 'vitest';
import { crossedInternet, summarisePongs } from './connection-round';

const pong = (latencyMs: number, path: 'direct' | 'relay' = 'direct') => ({
  ok: true as const,
  latencyMs,
  path,
  endpoint: path === 'direct' ? '203.0.113.3:41641' : null,
  relayRegion: path === 'relay' ? 'fra' : null,
});
const lost = { ok: false as const, error: 'timed out' };

describe('a round of pings', () => {
  it('is judged by its last pong: the first ones of a sleeping connection go by relay', () => {
    const round = summarisePongs([pong(30, 'relay'), pong(10), pong(14)]);
    expect(round).toMatchObject({
      connectionType: 'direct',
      relayNode: 'none',
      endpoint: '203.0.113.3:41641',
      // Of the pongs that took this path: the relay was slower.
      latencyAvg: 12,
      latencyMin: 10,
      latencyMax: 14,
      jitter: 4,
      sent: 3,
      received: 3,
    });
  });

  it('without an answer has no latency, not one of zero', () => {
    expect(summarisePongs([lost, lost])).toMatchObject({
      connectionType: 'offline',
      latencyAvg: null,
      latencyMin: null,
      latencyMax: null,
      jitter: null,
      sent: 2,
      received: 0,
    });
  });

  it('that tailscaled would not send says nothing of the device', () => {
    const refused = { ok: false as const, error: 'local tailscaled stopped' };
    expect(summarisePongs([refused])).toMatchObject({ connectionType: 'unknown', sent: 0 });
    expect(summarisePongs([])).toMatchObject({ connectionType: 'unknown', sent: 0 });
  });

  it('keeps an answer of 0 ms, which the command line rounds to, apart from none', () => {
    expect(summarisePongs([pong(0), lost])).toMatchObject({ latencyAvg: 0, received: 1, sent: 2 });
  });
});

describe('an answer over the internet', () => {
  const round = (endpoint: string | null, connectionType: 'direct' | 'relay' = 'direct') =>
    crossedInternet({ connectionType, endpoint, received: 1 });

  it('came by a relay, or from a public address', () => {
    expect(round(null, 'relay')).toBe(true);
    expect(round('203.0.113.9:41641')).toBe(true);
    expect(round('[2001:db8::5]:41641')).toBe(true);
    for (const near of [
      '192.168.1.4:41641',
      '10.0.0.2:1',
      '172.20.0.3:1',
      '[fe80::1]:1',
      '[fd00::2]:1',
    ]) {
      expect([near, round(near)]).toEqual([near, false]);
    }
    expect(crossedInternet({ connectionType: 'offline', endpoint: null, received: 0 })).toBe(false);
  });
});
