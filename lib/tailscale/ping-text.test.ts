import { describe, expect, it } from 'vitest';
import { goDurationMs, pongsFromText } from './ping-text';
import { fixture } from './test-doubles';

const direct = { ok: true, path: 'direct', relayRegion: null };
const relay = { ok: true, path: 'relay', endpoint: null, relayRegion: 'fra' };

describe('pongsFromText', () => {
  it('reads captured direct pongs', () => {
    const pong = { ...direct, endpoint: '203.0.113.3:41641', latencyMs: 0 };
    expect(pongsFromText(fixture('ping-direct.txt'))).toEqual([pong, pong, pong]);
  });

  it('reads captured relayed pongs', () => {
    const pongs = pongsFromText(fixture('ping-relay.txt'));
    expect(pongs).toEqual([1, 6, 1, 1, 1].map((latencyMs) => ({ ...relay, latencyMs })));
  });

  it('reads a captured silence as one entry a ping, the closing line not counted', () => {
    const silence = { ok: false, error: 'timed out' };
    expect(pongsFromText(fixture('ping-offline.txt'))).toEqual([silence, silence]);
  });

  it('reads a captured ping of ourselves as refused', () => {
    expect(pongsFromText(fixture('ping-self.txt'))).toEqual([
      { ok: false, error: '100.64.0.1 is local Tailscale IP' },
    ]);
  });

  it('reads each other form the command has', () => {
    const lines: [string, object][] = [
      [
        'pong from a (fd7a:115c:a1e0::2) via [2001:db8::5]:41641 in 12ms',
        { ...direct, endpoint: '[2001:db8::5]:41641', latencyMs: 12 },
      ],
      [
        'pong from a (100.64.0.2) via peer-relay(203.0.113.9:40000:vni:7) in 1.203s',
        {
          ok: true,
          path: 'peer_relay',
          endpoint: '203.0.113.9:40000',
          relayRegion: null,
          latencyMs: 1203,
        },
      ],
      [
        'pong from a (100.64.0.2) via peer-relay([2001:db8::9]:40000:vni:7) in 9ms',
        {
          ok: true,
          path: 'peer_relay',
          endpoint: '[2001:db8::9]:40000',
          relayRegion: null,
          latencyMs: 9,
        },
      ],
      ['pong from a (100.64.0.2, 4242) via DERP(fra) in 23ms', { ...relay, latencyMs: 23 }],
      // The two examples of the seed.
      [
        'pong from chocolate-factory (100.x.x.x) via DERP(fra) in 23ms',
        { ...relay, latencyMs: 23 },
      ],
      [
        'pong from chocolate-factory (100.x.x.x) via [direct] in 12ms',
        { ...direct, endpoint: null, latencyMs: 12 },
      ],
    ];
    for (const [line, pong] of lines) expect(pongsFromText(`${line}\r\n`), line).toEqual([pong]);
  });

  it('is not deceived by a node that names itself like an answer', () => {
    const line =
      'pong from x (1.2.3.4) via DERP(evil) in 0s (100.64.0.2) via 203.0.113.3:41641 in 7ms';
    expect(pongsFromText(line)).toEqual([
      { ...direct, endpoint: '203.0.113.3:41641', latencyMs: 7 },
    ]);
  });

  it('keeps a refusal when it is all there is', () => {
    expect(pongsFromText('no matching peer')).toEqual([{ ok: false, error: 'no matching peer' }]);
    expect(pongsFromText("peer's node key has expired\n")).toHaveLength(1);
    expect(pongsFromText('no reply\n')).toEqual([{ ok: false, error: 'no reply' }]);
  });

  it('finds nothing in what is not of a ping', () => {
    expect(pongsFromText('')).toEqual([]);
    expect(pongsFromText('<html>502</html>\npong from a (b) via DERP(fra) in soon')).toEqual([]);
    expect(pongsFromText('pong from a (100.64.0.2) via TSMP in 3ms')).toEqual([]);
  });
});

describe('goDurationMs', () => {
  it('reads what Go prints', () => {
    expect(
      ['0s', '12ms', '1.203s', '1m0.5s', '1h0m0s', '1.5µs', '250us', '800ns'].map(goDurationMs),
    ).toEqual([0, 12, 1203, 60_500, 3_600_000, 0.002, 0.25, 0.001]);
  });

  it('is null for anything else', () => {
    expect(['', '12', 'ms', '-1s', '1 s', '1d', '1.s'].map(goDurationMs)).toEqual(
      Array(7).fill(null),
    );
  });
});
