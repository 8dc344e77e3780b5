import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredEvent } from '../domain/event';
import type { LiveEvent } from '../domain/live-event';
import type { Announcement } from '../store/ports/collectors';
import { RemoteServices } from './remote-services';
import { announced, answering, server, snapshot } from './test-snapshot';
import { WatchCollectors } from './watch-collectors';

const credential = (url: string) => `for ${url}`;
let registry: Announcement[];
let news: LiveEvent[];
let later: number;
beforeEach(() => {
  registry = [];
  news = [];
  later = 0;
});

const now = () => Date.now() + later;
const watching = () =>
  new WatchCollectors({
    registry: { collectors: async () => registry },
    credential,
    publish: (event) => news.push(event),
    now,
  });
const healthOf = (watch: WatchCollectors, name = 'east') =>
  watch
    .links()
    .find((link) => link.name === name)
    ?.health();
const viewOf = (watch: WatchCollectors) => new RemoteServices(() => watch.links()).tailnet.view();

describe('a collector that answers', () => {
  it('is shown as it says it is', async () => {
    const { asked, ...east } = await server(answering(snapshot()));
    registry = [announced(east.url)];
    const watch = watching();
    await watch.run();
    expect(healthOf(watch)).toMatchObject({ away: false, problem: null, version: '0.1.0' });
    expect(viewOf(watch)).toMatchObject({ stale: false, status: { backendState: 'Running' } });
    expect(asked[0]?.headers).toMatchObject({
      authorization: `Bearer ${credential(east.url)}`,
      'observatory-on-behalf-of': '',
    });
  });

  it('sends what has changed since the last snapshot, packed', async () => {
    const east = await server(answering(snapshot()));
    registry = [announced(east.url)];
    const watch = watching();
    await watch.run();
    const nothing = { complete: false, changed: [] };
    const { tailnet, ...rest } = snapshot({ revision: 5, at: 2_000, judgements: nothing });
    const [device] = tailnet.devices.changed;
    if (!device) throw new Error('there is a device');
    const renamed = { complete: false, changed: [{ ...device, name: 'code' }] };
    east.answer = (request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.setHeader('content-encoding', 'gzip');
      const sent = { ...rest, tailnet: { ...tailnet, devices: renamed } };
      response.end(gzipSync(JSON.stringify(sent)));
    };
    await watch.run();
    const changed = viewOf(watch).status;
    expect(changed?.devices.map(({ name }) => name)).toEqual(['code']);
    expect(watch.links()[0]?.snapshot?.judgements.get('n2')).toMatchObject({ path: 'relay' });
    east.answer = answering({ ...rest, tailnet: { ...tailnet, devices: nothing } });
    await watch.run();
    expect(viewOf(watch).status).toBe(changed);
    expect(east.asked.map(({ url }) => url)).toEqual([
      '/cluster/snapshot',
      '/cluster/snapshot?since=3',
      '/cluster/snapshot?since=5',
    ]);
  });

  it('tells what is new once, and nothing of what was there before', async () => {
    const event: StoredEvent = {
      kind: 'node_online',
      ...{ id: 1, time: 1, nodeId: 'n2', hostname: 'git', before: null, after: null },
    };
    const east = await server(answering(snapshot({ events: [event] })));
    registry = [announced(east.url)];
    const watch = watching();
    await watch.run();
    expect(news).toEqual([]);
    const next = { ...event, id: 2, time: 2 };
    const { alerts } = snapshot();
    const open = alerts.open.map((alert) => ({ ...alert, acknowledgedAt: 3 }));
    east.answer = answering(snapshot({ events: [next, event], alerts: { ...alerts, open } }));
    await watch.run();
    await watch.run();
    expect(news).toEqual([{ event: next }, { alert: { ...open[0], id: 'east/7' } }]);
  });
});

describe('a collector that does not answer', () => {
  it('is away after four seconds, with since when and its last known state', async () => {
    const east = await server(answering(snapshot()));
    registry = [announced(east.url)];
    const watch = watching();
    await watch.run();
    const since = healthOf(watch)?.lastSeen ?? 0;
    east.close();
    later = 3_000;
    await watch.run();
    expect(healthOf(watch)).toMatchObject({ away: false, lastSeen: since });
    later = 4_100;
    await watch.run();
    expect(healthOf(watch)).toMatchObject({ away: true, lastSeen: since });
    const { stale, error, status } = viewOf(watch);
    expect(stale).toBe(true);
    expect(error).toContain(
      `the collector east was last heard of at ${new Date(since).toISOString()}`,
    );
    expect(error).toContain('nothing listens there');
    expect(status?.devices).toHaveLength(1);
  });

  it('holds up no other, and is asked no second time while it is being asked', async () => {
    const east = await server(answering(snapshot()));
    const west = await server(answering(snapshot({ name: 'west', instance: 'west-1' })));
    registry = [announced(east.url), announced(west.url, { name: 'west', instance: 'west-1' })];
    const watch = watching();
    await watch.run();
    east.answer = () => {};
    const began = performance.now();
    await watch.run();
    await watch.run();
    expect(performance.now() - began).toBeLessThan(1_900);
    expect(east.asked).toHaveLength(2);
    expect(west.asked).toHaveLength(3);
    expect(healthOf(watch, 'west')).toMatchObject({ away: false, problem: null });
    const view = viewOf(watch);
    expect(view).toMatchObject({ stale: false, source: 'localapi' });
    later = 4_100;
    expect(healthOf(watch)).toMatchObject({ away: true });
    expect(healthOf(watch)?.problem).toMatch(/it has not answered/);
  });

  it('is shown as away by a replica that has just started, from its last announcement', async () => {
    const at = Date.now() - 3_600_000;
    registry = [announced('http://127.0.0.1:9', { at })];
    const watch = watching();
    await watch.run();
    expect(healthOf(watch)).toMatchObject({ away: true, lastSeen: at, version: null });
    expect(viewOf(watch).error).toContain(new Date(at).toISOString());
    await expect(
      watch.links()[0]?.send({ method: 'GET', path: '/', onBehalfOf: null }),
    ).rejects.toThrow(/was last heard of at/);
  });

  it('is forgotten after a week', async () => {
    registry = [announced('http://127.0.0.1:9')];
    const watch = watching();
    await watch.run();
    expect(watch.links()).toHaveLength(1);
    later = 8 * 24 * 3_600_000;
    await watch.run();
    expect(watch.links()).toEqual([]);
  });

  it('is found again where its next process announces itself', async () => {
    const east = await server(answering(snapshot()));
    registry = [announced(east.url)];
    const watch = watching();
    await watch.run();
    east.close();
    await watch.run();
    const again = await server(answering(snapshot({ instance: 'east-2' })));
    registry = [announced(again.url, { instance: 'east-2' })];
    await watch.run();
    expect(healthOf(watch)).toMatchObject({ away: false, problem: null });
    expect(watch.links()[0]?.snapshot?.instance).toBe('east-2');
  });
});

describe('what answers in the place of a collector', () => {
  const MIB = 'x'.repeat(1024 * 1024);
  it.each([
    [
      'is another collector',
      answering(snapshot({ name: 'west' })),
      /calls itself west.*COLLECTOR_URL of east/,
    ],
    ['is another process', answering(snapshot({ instance: 'east-2' })), /another process answers/],
    ['is not JSON', answering('<html>'), /no snapshot.*COLLECTOR_URL/],
    [
      'has another form',
      answering({ ...snapshot(), at: 'now' }),
      /no snapshot .*at.*COLLECTOR_URL/,
    ],
    [
      'refuses',
      answering({ detail: 'who are you' }, 403),
      /who are you.*set the same COLLECTOR_TOKEN/,
    ],
    ['knows no such call', answering('not here', 404), /status 404.*COLLECTOR_URL/],
    [
      'leads elsewhere',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /status 302/,
    ],
    [
      'is endless',
      (_request, response) => {
        const more = () => response.write(MIB) && !response.destroyed && setImmediate(more);
        response.on('drain', more);
        more();
      },
      /more than 64 MiB|has not answered|no answer within 5 s/,
    ],
    [
      'is a little that unpacks to very much',
      (_request, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync(MIB.repeat(80)));
      },
      /more than 64 MiB|has not answered|no answer within 5 s/,
    ],
    [
      'trickles',
      (_request, response) => {
        const drip = setInterval(() => response.write(' '), 100);
        response.on('close', () => clearInterval(drip));
      },
      /has not answered|no answer within 5 s/,
    ],
    [
      'breaks off',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{');
        setTimeout(() => response.destroy(), 20);
      },
      /reset|aborted/,
    ],
  ] satisfies [string, Parameters<typeof server>[0], RegExp][])(
    '%s: it is not believed',
    async (_name, answer, says) => {
      const east = await server(answer);
      registry = [announced(east.url)];
      const watch = watching();
      await watch.run();
      for (let i = 0; i < 30 && healthOf(watch)?.problem === null; i++) await sleep(200);
      expect(healthOf(watch)?.problem).toMatch(says);
      expect(watch.links()[0]?.snapshot).toBeNull();
      later = 4_500;
      expect(healthOf(watch)?.away).toBe(true);
    },
  );
});

describe('a registry that cannot be read', () => {
  it('is said, and the collectors that are known are asked all the same', async () => {
    const east = await server(answering(snapshot()));
    registry = [announced(east.url)];
    let broken = false;
    const watch = new WatchCollectors({
      registry: {
        collectors: async () => {
          if (broken) throw new Error('InfluxDB is away');
          return registry;
        },
      },
      credential: null,
      publish: () => {},
      now,
    });
    await watch.run();
    broken = true;
    later = 6_000;
    await expect(watch.run()).rejects.toThrow('InfluxDB is away');
    expect(east.asked).toHaveLength(2);
    expect(healthOf(watch)).toMatchObject({ away: false });
  });
});
