import { randomBytes } from 'node:crypto';
import { Influx } from '../../../lib/store/influx/client';
import { setUp } from '../../../lib/store/influx/setup';

/** What the tests keep, in days. */
export const RETENTION = { rawDays: 30, rollupDays: 730 };

export function labSettings() {
  const { LAB_INFLUX_URL: url, LAB_INFLUX_TOKEN: token, LAB_INFLUX_ORG: org } = process.env;
  if (!url || !token || !org)
    throw new Error('LAB_INFLUX_URL, _TOKEN and _ORG are not set: run eval "$(lab/lab env)" first');
  return { url, token, org };
}

/** Buckets of a test's own, made as the product makes them, and gone after it. */
export async function ownBuckets(name: string, server = labSettings(), retention = RETENTION) {
  const bucket = `test-${name}-${randomBytes(4).toString('hex')}`;
  const settings = { ...server, bucket };
  const influx = new Influx(settings);
  await setUp(influx, retention, true);
  return { settings, influx, bucket, remove: () => remove(influx) };
}

async function remove(influx: Influx): Promise<void> {
  const org = encodeURIComponent(influx.org);
  for (const kind of ['raw', 'rollups', 'state'] as const) {
    const name = encodeURIComponent(influx.bucket(kind));
    const found = (await influx.request('GET', `/api/v2/buckets?org=${org}&name=${name}`)) as {
      buckets: { id: string }[];
    };
    for (const { id } of found.buckets) await influx.request('DELETE', `/api/v2/buckets/${id}`);
  }
  const found = (await influx.request('GET', `/api/v2/tasks?org=${org}&limit=500`)) as {
    tasks: { id: string; name: string }[];
  };
  for (const { id, name } of found.tasks) {
    if (name.endsWith(` ${influx.bucket('raw')}`))
      await influx.request('DELETE', `/api/v2/tasks/${id}`);
  }
}
