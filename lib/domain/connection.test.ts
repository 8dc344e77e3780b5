import { describe, expect, it } from 'vitest';
import { summarisePongs } from './connection';

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
      latencyAvg: 18,
      latencyMin: 10,
      latencyMax: 30,
      jitter: 12,
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

  it('keeps an answer of 0 ms, which the command line rounds to, apart from none', () => {
    expect(summarisePongs([pong(0), lost])).toMatchObject({ latencyAvg: 0, received: 1, sent: 2 });
  });
});
