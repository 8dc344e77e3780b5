import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Influx } from '../lib/store/influx/client';
import { type InfluxCollectorStores, openInfluxStores } from '../lib/store/influx/collector-stores';
import { setUp } from '../lib/store/influx/setup';
import { HOUR } from '../lib/util/time';
import { commitHistory, type History } from './history-store';
import { VISITORS } from './people';
import { workFolder } from './work-folder';

/** What the measurements keep in InfluxDB, in days. */
export const RETENTION = { rawDays: 30, rollupDays: 730 };

/** The lab's InfluxDB; ends the process with a word when there is none. */
export function labInflux(measurement: string) {
  const { LAB_INFLUX_URL: url, LAB_INFLUX_TOKEN: token, LAB_INFLUX_ORG: org } = process.env;
  if (url && token && org) return { url, token, org };
  console.log(
    `${measurement} needs the lab’s InfluxDB: npm run lab -- up influxdb. Nothing was measured.`,
  );
  return process.exit(0);
}

/** Buckets of a measurement's own, made as the product makes them. */
export async function ownBuckets(name: string, server: ReturnType<typeof labInflux>) {
  const bucket = `bench-${name}-${randomBytes(3).toString('hex')}`;
  const influx = new Influx({ ...server, bucket });
  await setUp(influx, RETENTION, true);
  const env = {
    ...{ INFLUX_URL: server.url, INFLUX_TOKEN: server.token, INFLUX_ORG: server.org },
    INFLUX_BUCKET: bucket,
  };
  return { influx, env, remove: () => removeBuckets(influx) };
}

export type Loaded = {
  dataDir: string;
  accessLog: string;
  hits: number;
  /** How long each part took; milliseconds. */
  read: number;
  sent: number;
  summed: number;
  points: number;
};

/**
 * Writes a history as the product's ingest thread does: into the spool, from there to InfluxDB, then summed up. Hits
 * older than `rawDays` are counted at once and sent as counts.
 */
export async function loadHistory(
  influx: Influx,
  history: History,
  { collector, rawDays }: { collector: string; rawDays: number },
): Promise<Loaded> {
  const { hits, days } = history;
  const folder = await workFolder(`influx-${collector}-${hits}-${days}`);
  await rm(folder, { recursive: true, force: true });
  const dataDir = path.join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  const accessLog = path.join(folder, 'access.log');
  await writeFile(accessLog, '');
  const retention = { ...RETENTION, rawDays };
  const file = path.join(dataDir, 'collector.sqlite');
  const store = await openInfluxStores(file, influx, collector, retention);
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const started = performance.now();
  await commitHistory(store, history, accessLog, end);
  const read = performance.now() - started;
  await nameVisitors(store);
  while (!(await store.sender.drain(undefined, false))) {
    const { error } = store.sender.state();
    if (error) throw new Error(error);
  }
  const sent = performance.now() - started - read;
  const { sent: points } = store.sender.state();
  while (await store.maintenance.rollUp(Date.now()));
  const summed = performance.now() - started - read - sent;
  await store.maintenance.prune(Date.now(), retention);
  await store.close();
  return { dataDir, accessLog, hits, read, sent, summed, points };
}

/** What whois of the tailnet beside the product will say: points are tagged with it. */
async function nameVisitors(store: InfluxCollectorStores): Promise<void> {
  for (const { id, ip } of await store.visitors.visitorsToIdentify(
    { unknown: 1, known: 1 },
    1_000,
  )) {
    const at = VISITORS.findIndex((visitor) => visitor.ip === ip);
    const visitor = VISITORS[at];
    if (!visitor) continue;
    const { hostname: device, login: user, name: userName } = visitor;
    await store.visitors.identify(id, { nodeId: `n${at + 2}`, device, user, userName }, Date.now());
  }
}

async function removeBuckets(influx: Influx): Promise<void> {
  const inOrg = `org=${encodeURIComponent(influx.org)}`;
  for (const kind of ['raw', 'rollups', 'state'] as const) {
    const name = encodeURIComponent(influx.bucket(kind));
    const { buckets } = (await influx.request('GET', `/api/v2/buckets?${inOrg}&name=${name}`)) as {
      buckets: { id: string }[];
    };
    for (const { id } of buckets) await influx.request('DELETE', `/api/v2/buckets/${id}`);
  }
  const { tasks } = (await influx.request('GET', `/api/v2/tasks?${inOrg}&limit=500`)) as {
    tasks: { id: string; name: string }[];
  };
  for (const { id, name } of tasks) {
    if (name.endsWith(` ${influx.bucket('raw')}`)) {
      await influx.request('DELETE', `/api/v2/tasks/${id}`);
    }
  }
}
