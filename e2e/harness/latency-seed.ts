import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Connection } from '../../lib/domain/connection';
import { openSqliteStores } from '../../lib/store/sqlite/stores';
import { DAY, MINUTE } from '../../lib/util/time';

/**
 * Gives an app that is not running yet the latency history of a device: rounds every five minutes, `days` long, up to
 * `until`, through the product's own store. Around `ms`, a third slower in the evening, with a little noise and an
 * occasional spike; the same each time.
 */
export async function seedLatency(
  dataDir: string,
  node: { nodeId: string; hostname: string; ms: number },
  { days, until }: { days: number; until: number },
): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const store = await openSqliteStores(path.join(dataDir, 'observatory.sqlite'));
  const random = seeded(node.nodeId.length * 7_919 + node.ms);
  const first = Math.floor((until - days * DAY) / (5 * MINUTE)) * 5 * MINUTE;
  const rounds: Connection[] = [];
  for (let time = first; time <= until; time += 5 * MINUTE) {
    const evening = Math.max(0, Math.sin((2 * Math.PI * (time - 14 * 60 * MINUTE)) / DAY));
    const spike = random() < 0.004 ? 4 : 1;
    const avg = node.ms * (1 + 0.33 * evening + 0.3 * (random() - 0.5)) * spike;
    rounds.push({
      time,
      nodeId: node.nodeId,
      hostname: node.hostname,
      connectionType: 'direct',
      relayNode: 'none',
      endpoint: '192.0.2.1:41641',
      latencyAvg: avg,
      latencyMin: avg * 0.95,
      latencyMax: avg * 1.08,
      jitter: avg * 0.02,
      sent: 5,
      received: 5,
      txBytes: 0,
      rxBytes: 0,
    });
  }
  await store.connections.addConnections(rounds);
  await store.close();
}

/** Returns a repeatable source of numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
