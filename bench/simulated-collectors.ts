import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Influx } from '../lib/store/influx/client';
import { InfluxCollectorRegistry } from '../lib/store/influx/collector-registry';
import { SECOND } from '../lib/util/time';

const ANNOUNCE_MS = 5 * SECOND;

/** What of a collector's snapshot matters here. */
export type Sample = { revision: number; version: string };

/**
 * Collectors as replicas see them, all in this process: they announce themselves, and answer with snapshots that a real
 * collector gave, each under its own name: the first one, and one of those that come after it.
 */
export async function simulatedCollectors(
  influx: Influx,
  names: readonly string[],
  { first, next }: { first: Sample; next: Sample },
) {
  const { version } = first;
  const packed = (name: string, sample: Sample) =>
    gzipSync(JSON.stringify({ ...sample, name, instance: name }));
  const answers = new Map(
    names.map((name) => [name, { first: packed(name, first), next: packed(name, next) }]),
  );
  const server = createServer((request, response) => {
    const [, name = ''] = (request.url ?? '').split('/');
    response.setHeader('content-encoding', 'gzip');
    const known = request.url?.includes('?since=');
    response.end(answers.get(name)?.[known ? 'next' : 'first']);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const registry = new InfluxCollectorRegistry(influx);
  const announce = async () => {
    for (const name of names) {
      const url = `http://127.0.0.1:${port}/${name}`;
      await registry.announce({ name, instance: name, version, url, at: Date.now() });
    }
  };
  await announce();
  let open = true;
  const announcing = (async () => {
    while (open) {
      await sleep(ANNOUNCE_MS);
      if (open) await announce();
    }
  })();
  return {
    async close() {
      open = false;
      server.closeAllConnections();
      server.close();
      await announcing;
    },
  };
}
