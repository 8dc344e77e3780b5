import { describe, expect, it } from 'vitest';
import { speedRows } from './speed-rows';

const speed = (
  endpoint: string,
  path: 'direct' | 'relay' | 'peer_relay',
  p50: number,
  hits = 1,
  host: string | null = null,
) => ({
  endpoint,
  host,
  path,
  hits,
  p50_ms: p50,
  p95_ms: p50 * 2,
});

describe('speed by path', () => {
  it('puts an endpoint’s paths side by side, with their ratio, and those with both first', () => {
    const rows = speedRows([
      speed('/often', 'direct', 5, 900),
      speed('/both', 'direct', 10),
      speed('/both', 'relay', 40),
    ]);
    expect(rows.map(({ endpoint, ratio }) => [endpoint, ratio])).toEqual([
      ['/both', 4],
      ['/often', null],
    ]);
  });

  it('keeps the same path of two hosts apart', () => {
    const git = speed('/', 'direct', 5, 1, 'git.example.org');
    const photos = speed('/', 'relay', 50, 1, 'photos.example.org');
    expect(speedRows([git, photos])).toMatchObject([
      { host: 'git.example.org', direct: git, relayed: null, ratio: null },
      { host: 'photos.example.org', direct: null, relayed: photos, ratio: null },
    ]);
  });

  it('shows a DERP relay over a peer relay, in whichever order they come', () => {
    const [peer, derp] = [speed('/x', 'peer_relay', 20), speed('/x', 'relay', 90)];
    expect(speedRows([peer, derp])[0]?.relayed).toEqual(derp);
    expect(speedRows([derp, peer])[0]?.relayed).toEqual(derp);
    expect(speedRows([peer])[0]?.relayed).toEqual(peer);
  });
});
