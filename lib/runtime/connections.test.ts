import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeTailscaled, fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { ConnectionMetrics } from '../collect/connection-metrics';
import { DeviceJudge } from '../collect/device-judge';
import { Feed } from '../collect/feed';
import { CheckNetwork } from '../collect/netcheck';
import { OnDemandPings } from '../collect/on-demand-pings';
import { ProbeDevices } from '../collect/probe-devices';
import { Prober } from '../collect/prober';
import { TailnetWatch } from '../collect/tailnet-watch';
import { WatchTransitions } from '../collect/watch-transitions';
import type { LiveEvent } from '../domain/live-event';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { localApi } from '../tailscale/local-api';
import { MINUTE } from '../util/time';

type Peer = Record<string, unknown> & { HostName: string };
const GIT = '2';

describe('the connections of a tailnet', () => {
  let folder: string;
  let fake: FakeTailscaled;
  let store: Stores;
  let now = Date.UTC(2026, 10, 24);
  let status: { Self: Peer; Peer: Record<string, Peer>; Health: string[] };
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'connections-'));
    store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
    fake = await fakeTailscaled({ socketPath: path.join(folder, 'tailscaled.sock') });
    status = JSON.parse(readFileSync('e2e/fixtures/tailscale/status-direct.json', 'utf8'));
  });
  afterEach(async () => {
    await fake.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const change = (hostname: string, fields: Record<string, unknown>) => {
    const peer = Object.values(status.Peer).find((p) => p.HostName === hostname);
    Object.assign(peer ?? {}, fields);
    fake.setStatus(status);
  };
  const collectors = (named: string[] = []) => {
    const tailscale = localApi({ socketPath: fake.socketPath, pingGapMs: 1, timeoutMs: 600 });
    const clock = () => now;
    const prober = new Prober(tailscale, clock, clock);
    const watch = new TailnetWatch(tailscale, store, prober, clock, clock);
    const metrics = new ConnectionMetrics('0 */5 * * * *', prober, watch, store, named, clock);
    const critical = () => metrics.critical(watch.view().status?.devices ?? []);
    const judge = new DeviceJudge(watch, prober, 8 * MINUTE, critical, clock, clock);
    const probes = new ProbeDevices(prober, watch, metrics, clock, clock);
    watch.subscribe(() => {
      judge.look();
      probes.look();
    });
    const feed = new Feed();
    const news: LiveEvent[] = [];
    feed.subscribe((item) => news.push(item));
    const transitions = new WatchTransitions(watch, judge, store, feed, clock, clock);
    /** Looks at the status once, and waits for the pings and transitions that follow from it. */
    const look = async () => {
      now += MINUTE / 2;
      await watch.run();
      // Three pings without an answer alone take longer than the second that is waited by default.
      const isPinging = () => critical().some(({ id }) => prober.isBusy(id));
      await expect.poll(isPinging).toBe(false);
      await transitions.run();
    };
    const kinds = () => news.flatMap((item) => ('event' in item ? [item.event.kind] : []));
    const pathOfGit = () => {
      const git = watch.view().status?.devices.find((device) => device.name === 'git');
      return git && judge.of(git).path;
    };
    return { watch, metrics, critical, transitions, look, kinds, pathOfGit, prober };
  };

  it('are measured by ping first and status then, with a direct path and its latency', async () => {
    const { watch, metrics } = collectors();
    await watch.run();
    fake.requests.length = 0;
    await metrics.run();
    const calls = fake.requests.map(({ url }) => url.split('?')[0]?.split('/').at(-1));
    expect(calls.lastIndexOf('ping')).toBeLessThan(calls.indexOf('status'));
    const git = (await store.connections.lastConnections()).find((round) => round.nodeId === GIT);
    expect(git).toMatchObject({
      time: now,
      hostname: 'git',
      connectionType: 'direct',
      relayNode: 'none',
      sent: 5,
      received: 5,
    });
    expect(git?.latencyAvg).toBeCloseTo(12.345);
  });

  it('are measured though a device hangs, which is offline without a latency', async () => {
    change('nono-desktop', { Online: false });
    const { metrics } = collectors();
    const started = Date.now();
    await metrics.run();
    expect(Date.now() - started).toBeLessThan(3_000);
    const rounds = new Map((await store.connections.lastConnections()).map((c) => [c.hostname, c]));
    expect(rounds.get('git')?.received).toBe(5);
    expect(rounds.get('nono-desktop')).toMatchObject({
      connectionType: 'offline',
      latencyAvg: null,
      received: 0,
    });
  });

  it('know a direct path that was seen between rounds only: a relay after it is a loss', async () => {
    const ping = (name: string) =>
      JSON.parse(readFileSync(`e2e/fixtures/tailscale/${name}.json`, 'utf8'));
    const { watch, metrics, look, prober } = collectors();
    await watch.run();
    fake.setPing('100.64.0.2', ping('localapi-ping-relay'));
    await metrics.run();
    await metrics.run();
    expect(metrics.earlier.get(GIT)?.direct).toBeNull();
    fake.setPing('100.64.0.2', null);
    const git = metrics.critical(watch.view().status?.devices ?? []).find(({ id }) => id === GIT);
    if (git) await prober.probe(git, 1);
    fake.setPing('100.64.0.2', ping('localapi-ping-relay'));
    await look();
    await metrics.run();
    expect(metrics.last.get(GIT)?.connectionType).toBe('relay');
    expect(metrics.earlier.get(GIT)?.direct?.connectionType).toBe('direct');
  });

  it('are unknown, not offline, while tailscaled itself does not answer', async () => {
    const { watch, metrics } = collectors();
    await watch.run();
    await fake.stop();
    await expect(metrics.run()).rejects.toThrow(fake.socketPath);
    expect(await store.connections.lastConnections()).toEqual([]);
  });

  it('choose the critical devices by what they are, or by name', async () => {
    change('nono-desktop', { OS: 'windows' });
    const names = async (named: string[]) => {
      const { watch, critical } = collectors(named);
      await watch.run();
      return critical().map(({ name }) => name);
    };
    expect((await names([])).sort()).toEqual(['chocolate-factory-dev', 'git']);
    expect(await names(['nono-desktop', 'nobody'])).toEqual(['nono-desktop']);
  });

  it('tell a change of path once it is certain, and not again after a restart', async () => {
    const { look, kinds } = collectors();
    await look();
    expect(kinds()).toEqual([]);
    change('git', { CurAddr: '', Active: true });
    // Seen in the status, and confirmed by pings at once.
    await look();
    expect(kinds()).toEqual(['path_changed']);
    await look();
    expect(kinds()).toEqual(['path_changed']);
    const again = collectors();
    await again.look();
    await again.look();
    expect(again.kinds()).toEqual([]);
  });

  it('never read an idle peer as relayed, whatever its home region', async () => {
    const { look, kinds, pathOfGit } = collectors();
    await look();
    change('git', { CurAddr: '', Active: false, Relay: 'fra' });
    for (let i = 0; i < 5; i++) await look();
    expect(pathOfGit()).toBe('idle');
    expect(kinds()).toEqual([]);
    const spans = await store.paths.pathSpans([GIT], { from: 0, to: now + 1 });
    expect(spans.map((span) => span.path)).toEqual(['direct', 'idle']);
  });

  it('believe a ping over an idle status, until it is old', async () => {
    const { look, metrics, pathOfGit } = collectors();
    await look();
    await metrics.run();
    change('git', { CurAddr: '', Active: false });
    await look();
    expect(pathOfGit()).toBe('direct');
    now += 10 * MINUTE;
    await look();
    expect(pathOfGit()).toBe('idle');
  });

  it('tell who goes offline and comes back, and a tailscaled that is lost', async () => {
    const { look, kinds, watch, transitions, metrics } = collectors();
    await watch.run();
    await metrics.run();
    await look();
    change('git', { Online: false });
    // Silent by now: three pings have gone unanswered.
    await look();
    change('git', { Online: true });
    await look();
    await fake.stop();
    now += MINUTE;
    await watch.run().catch(() => {});
    await transitions.run();
    await fake.start();
    await look();
    expect(kinds()).toEqual(['node_offline', 'node_online', 'tailscaled_lost', 'tailscaled_back']);
  });

  it('are asked for by pages as often as they like, and pinged once', async () => {
    const { watch, metrics } = collectors();
    await watch.run();
    const git = watch.view().status?.devices.find((device) => device.hostname === 'git');
    if (!git) throw new Error('no git');
    const pings = new OnDemandPings(
      (device) => metrics.ping(device),
      () => now,
    );
    fake.requests.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => pings.round(git)));
    expect(fake.requests).toHaveLength(5);
  });
});

it('a way to tailscaled that has no netcheck is no fault', async () => {
  const fake = await fakeTailscaled();
  const folder = await mkdtemp(path.join(tmpdir(), 'netcheck-'));
  const store = await openSqliteStores(path.join(folder, 'observatory.sqlite'));
  const check = new CheckNetwork(localApi({ socketPath: fake.socketPath }), store);
  await check.run();
  expect(check.last).toBeNull();
  expect(check.error?.text).toContain('TAILSCALE_CLI');
  await store.close();
  await fake.close();
  await rm(folder, { recursive: true });
});
