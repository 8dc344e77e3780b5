import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeTailscaled, fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { DeviceJudge } from '../collect/device-judge';
import { IdentifyVisitors } from '../collect/identify-visitors';
import { LogTailscaleStatus } from '../collect/log-tailscale-status';
import { Prober } from '../collect/prober';
import { TailnetWatch } from '../collect/tailnet-watch';
import { QUOTA_PLANS } from '../domain/quota';
import { HitBatch } from '../rollup/hit-batch';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { localApi } from '../tailscale/local-api';
import { MINUTE } from '../util/time';

describe('the collectors of a tailnet', () => {
  let folder: string;
  let fake: FakeTailscaled;
  let store: Stores;
  let now = Date.UTC(2026, 10, 24);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'watch-'));
    store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
    fake = await fakeTailscaled({ socketPath: path.join(folder, 'tailscaled.sock') });
  });
  afterEach(async () => {
    await fake.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const tailscale = () => localApi({ socketPath: fake.socketPath });
  const prober = () => new Prober(tailscale());

  it('keeps the last state when tailscaled goes away, says so within a minute, and recovers', async () => {
    const watch = new TailnetWatch(
      tailscale(),
      store,
      prober(),
      () => now,
      () => now,
    );
    await watch.run();
    expect(watch.view()).toMatchObject({ stale: false, error: null, answeredAt: now });
    await fake.stop();
    now += MINUTE;
    await expect(watch.run()).rejects.toThrow(fake.socketPath);
    const view = watch.view();
    expect(view.stale).toBe(true);
    expect(view.error).toContain(fake.socketPath);
    expect(view.status?.devices.length).toBeGreaterThan(0);
    await fake.start();
    await watch.run();
    expect(watch.view()).toMatchObject({ stale: false, error: null });
  });

  it('what has not changed of a device from one answer to the next is the same object', async () => {
    const watch = new TailnetWatch(tailscale(), store, prober());
    await watch.run();
    const before = watch.view().status?.devices ?? [];
    await watch.run();
    expect(watch.view().status?.devices).toBe(before);
    const file = 'e2e/fixtures/tailscale/status-direct.json';
    const document = JSON.parse(await readFile(file, 'utf8'));
    const [peer] = Object.values<Record<string, unknown>>(document.Peer);
    Object.assign(peer ?? {}, { Tags: ['tag:new'] });
    fake.setStatus(document);
    await watch.run();
    const after = watch.view().status?.devices ?? [];
    const changed = after.filter((device) => !before.includes(device));
    expect(changed.map(({ tags }) => tags)).toEqual([['tag:new']]);
    expect(after).toHaveLength(before.length);
  });

  it('knows the last state after a restart too, and that it is old', async () => {
    const before = new TailnetWatch(
      tailscale(),
      store,
      prober(),
      () => now,
      () => now,
    );
    await before.run();
    await before.save();
    await fake.stop();
    now += MINUTE;
    const after = new TailnetWatch(
      tailscale(),
      store,
      prober(),
      () => now,
      () => now,
    );
    await after.restore();
    expect(after.view()).toMatchObject({ stale: true, answeredAt: now - MINUTE });
    expect(after.view().status).toEqual(before.view().status);
  });

  it('finds out who is behind an address, and leaves nobody unknown for want of trying', async () => {
    const hit = (offset: number, ip: string) => ({
      position: { file: 1, offset },
      time: now,
      ip,
      method: 'GET',
      path: '/',
      endpoint: '/',
      host: null,
      status: 200,
      responseMs: null,
      bytes: null,
      client: 'browser' as const,
    });
    const hits = HitBatch.of([
      hit(0, '100.64.0.2'),
      hit(1, 'fd7a:115c:a1e0::2'),
      hit(2, '100.99.99.99'),
    ]);
    await store.ingest.commit({ hits, rejected: [], checkpoints: [] });
    await new IdentifyVisitors(tailscale(), store, () => []).run();
    const range = { from: now, to: now + 1 };
    const { byUser, byDevice } = await store.accesses.usage(range, {
      bots: false,
      nonTailnet: false,
    });
    expect(byUser.map((u) => [u.user, u.hits])).toEqual([
      ['bob@example.com', 2],
      ['unknown', 1],
    ]);
    expect(byDevice.map((d) => d.device)).toEqual(['git', '100.99.99.99']);
    const waiting = await store.visitors.visitorsToIdentify(
      { unknown: Date.now() + 1, known: 0 },
      9,
    );
    expect(waiting.map((visitor) => visitor.ip)).toEqual(['100.99.99.99']);
  });

  it('writes one summary an hour, however often it is started', async () => {
    const watch = new TailnetWatch(
      tailscale(),
      store,
      prober(),
      () => now,
      () => now,
    );
    const judge = new DeviceJudge(watch, prober(), MINUTE, () => []);
    const job = new LogTailscaleStatus(watch, judge, store, QUOTA_PLANS['free-2025'], () => now);
    await job.run();
    const first = await store.summaries.lastTailnetSummary();
    expect(first?.time).toBe(now);
    expect(first?.summary).toMatchObject({
      devices: { own: 4, shared: 0, external: 0 },
      quota: { status: 'ok', externalUsers: { used: 0, limit: 3 } },
    });
    now += MINUTE;
    await job.run();
    expect(await store.summaries.lastTailnetSummary()).toEqual(first);
    now += 60 * MINUTE;
    await job.run();
    expect((await store.summaries.lastTailnetSummary())?.time).toBe(now);
  });
});
