import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStores } from '../store/sqlite/stores';
import { demoMap } from '../tailscale/demo-map';
import { demoNodes } from '../tailscale/demo-nodes';
import { DAY, HOUR } from '../util/time';
import { makeDemoHistory } from './history';

const now = Date.UTC(2026, 10, 26, 12, 3);
const range = { from: now - 90 * DAY, to: now };

describe('the history of the demo', () => {
  let folder: string;
  let files: Parameters<typeof makeDemoHistory>[0];
  let stores: Awaited<ReturnType<typeof openSqliteStores>>;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'demo-'));
    const at = (name: string) => path.join(folder, name);
    files = {
      database: at('o.sqlite'),
      accessLog: at('access.log'),
      logs: at('logs'),
      timeZone: 'UTC',
    };
    // What a start that was killed has left.
    await writeFile(files.database, 'garbage');
    await writeFile(`${files.accessLog}.unfinished`, 'half a li');
    expect(await makeDemoHistory(files, now)).toBe(true);
    stores = await openSqliteStores(files.database);
  });
  afterAll(async () => {
    await stores.close();
    await rm(folder, { recursive: true });
  });

  it('is made once', async () => {
    expect(await makeDemoHistory(files, now)).toBe(false);
  });

  it('has a latency for every hour of every critical device that was up', async () => {
    const last = await stores.connections.lastConnections();
    expect(last.length).toBeGreaterThanOrEqual(8);
    for (const { nodeId } of last) {
      const points = await stores.connections.latencyHistory(nodeId, range, HOUR);
      const measured = points.filter(({ connectionType }) => connectionType !== null);
      expect(measured.length).toBeGreaterThan(0.95 * points.length);
    }
  });

  it('fills the strip of the last day of every device, without a gap', async () => {
    const spans = await stores.paths.pathSpans(null, { from: now - DAY, to: now });
    for (const { id, self } of demoNodes) {
      if (self) continue;
      const own = spans.filter(({ nodeId }) => nodeId === id);
      expect(own[0]?.from).toBeLessThanOrEqual(now - DAY);
      expect(own.at(-1)?.to).toBe(now);
      for (const [i, span] of own.slice(1).entries()) expect(span.from).toBe(own[i]?.to);
    }
  });

  it('has alerts that fire and alerts that are over, of several rules', async () => {
    const open = await stores.alerts.openAlerts();
    expect(open.map(({ alert }) => alert.rule).sort()).toEqual(['key_expiring', 'offline']);
    const { alerts } = await stores.alerts.history({ topic: null, nodeId: null }, 500, null);
    const rules = new Set(alerts.map(({ rule }) => rule));
    expect([...rules].sort()).toEqual(['latency', 'offline', 'relayed', 'unstable']);
    for (const { since, firedAt, resolvedAt } of alerts) {
      expect(since).toBeLessThan(firedAt ?? 0);
      expect(firedAt).toBeLessThanOrEqual(resolvedAt ?? 0);
    }
  });

  it('has events of both ends of an outage and of paths', async () => {
    const { events } = await stores.events.events(range, {}, 2_000, null);
    const kinds = new Set(events.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      ...['key_renewed', 'node_offline', 'node_online', 'path_changed', 'routes_offered'],
      ...['tags_changed', 'version_changed'],
    ]);
  });

  it('knows every device as it is now, and has what changed in the last month', async () => {
    const known = await stores.inventory.knownDevices();
    const map = demoMap();
    expect(known).toHaveLength(demoNodes.length);
    for (const { nodeId, facts } of known) expect(facts).toMatchObject(map.get(nodeId) ?? {});
    const month = { from: now - 30 * DAY, to: now };
    const changes = await stores.inventory.inventoryChanges(month, null, 99);
    expect(changes.length).toBeGreaterThan(8);
    for (const { nodeId, field, before, after } of changes) {
      expect(before).not.toBe(after);
      expect(known.find((device) => device.nodeId === nodeId)?.facts[field]).toBe(after);
    }
  });

  it('has traffic of 90 days, most of it the NAS’s, and evenings by relay; tailscaled agrees', async () => {
    const days = await stores.traffic.trafficSums('day', range, null);
    expect(new Set(days.map(({ start }) => start)).size).toBeGreaterThanOrEqual(90);
    const total = (one: (sum: (typeof days)[number]) => boolean) =>
      days.filter(one).reduce((sum, { rxBytes, txBytes }) => sum + rxBytes + txBytes, 0);
    const all = total(() => true);
    expect(total(({ hostname }) => hostname === 'nas') / all).toBeGreaterThan(0.25);
    expect(total(({ path }) => path === 'relay') / all).toBeGreaterThan(0.005);
    const counted = await stores.traffic.countedSums('day', range);
    const check = counted.reduce((sum, { rxBytes, txBytes }) => sum + rxBytes + txBytes, 0);
    expect(Math.abs(check / all - 1)).toBeLessThan(0.01);
    const hours = await stores.traffic.trafficSums('hour', { from: now - DAY, to: now }, null);
    expect(new Set(hours.map(({ start }) => start)).size).toBe(24);
  });

  it('has three models: one went silent, one became worse', async () => {
    const models = await stores.models.models();
    expect(models).toHaveLength(3);
    const last = await Promise.all(
      models.map(async ({ model }) => (await stores.models.entries(model, 8, 0, null)).entries),
    );
    const ages = last.map((entries) => now - (entries.at(-1)?.time ?? 0));
    expect(ages.filter((age) => age > 8 * DAY)).toHaveLength(1);
    const growth = last.map(
      (entries) => (entries.at(-1)?.metrics.mae ?? 0) / (entries[0]?.metrics.mae ?? 1),
    );
    expect(growth.filter((factor) => factor > 1.5)).toHaveLength(1);
  });

  it('has accesses of six services, about three in four by people', async () => {
    const rotated = gunzipSync(await readFile(`${files.accessLog}.2.gz`)).toString();
    const text = rotated + (await readFile(files.accessLog, 'utf8'));
    const hits = text
      .trim()
      .split('\n')
      .map((line): { remote_addr: string; host: string; time: string } => JSON.parse(line));
    const servers = new Set(
      demoNodes
        .filter(({ tags, hostname }) => tags.length > 0 || /^(nas|greenhouse-pi)$/.test(hostname))
        .flatMap(({ addresses }) => addresses),
    );
    const byPeople = hits.filter(({ remote_addr }) => !servers.has(remote_addr));
    expect(byPeople.length / hits.length).toBeGreaterThan(0.65);
    expect(byPeople.length / hits.length).toBeLessThan(0.9);
    expect(new Set(hits.map(({ host }) => host)).size).toBe(6);
    const days = new Set(hits.map(({ time }) => time.slice(0, 10)));
    expect(days.size).toBeGreaterThanOrEqual(90);
    const times = hits.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
  });

  it('has lines in the log of this service', async () => {
    const [name] = await readdir(files.logs);
    const lines = (await readFile(path.join(files.logs, name ?? ''), 'utf8')).trim().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('message');
  });
});
