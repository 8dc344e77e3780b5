import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alert } from '../alerts/test-doubles';
import { formerId } from '../domain/collector-id';
import type { OwnServices } from '../services';
import type { Announcement } from '../store/ports/collectors';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { announcementOf, collectorOver, replicaOver, serve, TOKEN } from './test-cluster';

let folder: string;
let closing: (() => Promise<void>)[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'replica-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function storeOf(name: string): Promise<Stores> {
  const store = await openSqliteStores(path.join(folder, `${name}.sqlite`));
  closing.push(() => store.close());
  return store;
}

/** Starts a collector with one firing alert. */
async function collector(name: string, id: number, own: Partial<OwnServices> = {}) {
  const store = await storeOf(name);
  const firing = alert({ id, topic: `offline_${name}`, title: `${name} is bad` });
  const open = { alert: firing, bad: 1, good: 0, notified: true };
  const nothing = { vanished: [], notices: [], channels: [], notified: [] };
  await store.alerts.saveEvaluation({ ...nothing, changed: [open] });
  const made = collectorOver({ name, store, own });
  const served = await serve(made.services, TOKEN);
  closing.push(served.close);
  return { ...made, ...served, announced: announcementOf(made.services, served.url) };
}

async function replica(announced: Announcement[], token: string | null = TOKEN) {
  const made = replicaOver(announced, await storeOf('replica'), token);
  await made.watch.run();
  const served = await serve(made.services, null);
  closing.push(served.close);
  const ask = async (method: string, call: string, body?: unknown) => {
    const response = await fetch(served.url + call, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  return { ...made, ask };
}

/** Accepts connections and never answers, like a stopped process. */
function hang(server: Server): void {
  server.removeAllListeners('request');
  server.closeAllConnections();
}

const ALERTS = '/health-monitoring/alerts';
const acknowledge = (id: string | number) => `${ALERTS}/${id}/acknowledge`;

describe('an alert on a replica', () => {
  it('is called by its collector and its number there, however that is written', async () => {
    const [east, west] = [await collector('east', 7), await collector('west', 7)];
    const web = await replica([east.announced, west.announced]);
    const { body } = await web.ask('GET', ALERTS);
    expect(body.open.map(({ id }: { id: string }) => id)).toEqual(['east/7', 'west/7']);
    const done = await web.ask('POST', acknowledge('west/7'));
    expect(done).toMatchObject({
      status: 200,
      body: { id: 'west/7', acknowledged_by: 'operator' },
    });
    expect((await west.engine.open())[0]?.acknowledgedBy).toBe('operator');
    expect((await east.engine.open())[0]?.acknowledgedBy).toBeNull();
    expect((await web.ask('POST', acknowledge('east%2F7'))).body.id).toBe('east/7');
    const undone = await web.ask('DELETE', acknowledge('east/7'));
    expect(undone).toMatchObject({ status: 200, body: { id: 'east/7', acknowledged_by: null } });
    expect((await east.engine.open())[0]?.acknowledgedBy).toBeNull();
    expect((await web.ask('DELETE', acknowledge('east/7'))).status).toBe(404);
    expect(web.audited.map(({ action }) => action)).toEqual([
      ...['acknowledge', 'acknowledge', 'unacknowledge'],
    ]);
    expect(web.audited.map(({ target }) => target)).toEqual([
      '“west is bad” (alert west/7)',
      '“east is bad” (alert east/7)',
      '“east is bad” (alert east/7)',
    ]);
  });

  it('is named in the audit by its title, there and here, when it is muted and unmuted', async () => {
    const east = await collector('east', 7);
    const web = await replica([east.announced]);
    const mutes = '/health-monitoring/mutes';
    const { body } = await web.ask('POST', mutes, { topic: 'offline_east', minutes: 120 });
    await web.watch.run();
    expect((await web.ask('DELETE', `${mutes}/${body.id}`)).status).toBe(204);
    expect(web.audited).toMatchObject([
      {
        action: 'mute',
        target: expect.stringMatching(/^“east is bad” until 20\d\d-\d\d-\d\d \d\d:\d\d$/),
      },
      { action: 'unmute', target: '“east is bad” (mute east/1)' },
    ]);
    expect(east.audited.map(({ target }) => target)).toEqual([
      expect.stringMatching(/^“east is bad” until 20/),
      '“east is bad” (mute 1)',
    ]);
  });

  it('is found by the number it had before ids named their collector, if that is one alone', async () => {
    const [east, west] = [await collector('east', 7), await collector('west', 8)];
    const web = await replica([east.announced, west.announced]);
    expect((await web.ask('POST', acknowledge(formerId('east', 7)))).body.id).toBe('east/7');
    expect((await web.ask('POST', acknowledge(8))).body.id).toBe('west/8');
    // An alert that no collector shows is requested from the one whose former id it has.
    const gone = await web.ask('POST', acknowledge(formerId('west', 3)));
    expect(gone).toMatchObject({ status: 404, body: { detail: /number 3/ } });
  });

  it('is none when a number may be that of several', async () => {
    const [east, west] = [await collector('east', 7), await collector('west', 7)];
    const web = await replica([east.announced, west.announced]);
    const { status, body } = await web.ask('POST', acknowledge(7));
    expect({ status, detail: body.detail }).toEqual({
      status: 400,
      detail: 'id may be east/7 or west/7: say which',
    });
    expect((await web.ask('POST', acknowledge('north/7'))).status).toBe(404);
    expect((await web.ask('POST', acknowledge('..%2F7'))).status).toBe(400);
    expect((await web.ask('POST', acknowledge('seven'))).status).toBe(400);
  });

  it('has its collector’s name on the collector too, and no other', async () => {
    const east = await collector('east', 7);
    const here = async (id: string) =>
      (await fetch(`${east.url}${acknowledge(id)}`, { method: 'POST' })).status;
    expect(await Promise.all(['7', 'east/7', 'east%2F7', 'west/7'].map(here))).toEqual([
      ...[200, 200, 200, 404],
    ]);
  });
});

describe('what concerns every collector', () => {
  it('is done by each that is there, and noted where it was not', async () => {
    const [east, west] = [await collector('east', 1), await collector('west', 1)];
    const away = { ...west.announced, name: 'north', url: 'http://127.0.0.1:9', at: 1 };
    const web = await replica([
      east.announced,
      west.announced,
      { ...away, at: Date.now() - 60_000 },
    ]);
    const muted = await web.ask('POST', '/health-monitoring/mutes', { minutes: 5 });
    expect(muted).toMatchObject({ status: 200, body: { id: 'east/1' } });
    for (const { engine } of [east, west]) expect(await engine.mutes()).toHaveLength(1);
    expect(web.audited[0]?.target).toMatch(
      /^everything until [-\d]+ [:\d]+ \(not on north, which is away\)$/,
    );
    const { body } = await web.ask('POST', `${ALERTS}/test`);
    expect(body.channels.map(({ name }: { name: string }) => name)).toEqual([
      'east: telegram',
      'west: telegram',
    ]);
  });

  it('that one fails is said, with what the others did', async () => {
    const [east, west] = [await collector('east', 1), await collector('west', 1)];
    const web = await replica([east.announced, west.announced]);
    await west.close();
    const { status, body } = await web.ask('POST', '/health-monitoring/mutes', { minutes: 5 });
    expect(status).toBe(503);
    expect(body.detail).toMatch(/^It is done on east, but not on west: .*nothing listens there/);
    expect(await east.engine.mutes()).toHaveLength(1);
    expect(web.audited[0]?.target).toMatch(/^everything until [-\d]+ [:\d]+ \(not on west\)$/);
  });
});

describe('a collector that stops answering', () => {
  it('delays no page by more than half a second, and the rest of the page is there', async () => {
    const east = await collector('east', 1);
    const web = await replica([east.announced]);
    hang(east.server);
    const { routes } = await import('../api/routes');
    const url = new URL('http://localhost/models/metrics-history?model_name=tides');
    const began = performance.now();
    const asked = web.services.forCollector(undefined);
    await expect(routes['/models/metrics-history'].answer(asked, url, {}, 450)).rejects.toThrow(
      /the collector east does not answer .*within 0.45 s/,
    );
    expect(performance.now() - began).toBeLessThan(700);
    const { status, body } = await web.ask('GET', ALERTS);
    expect([status, body.open[0].id]).toEqual([200, 'east/1']);
  });
});

describe('a replica that proves nothing', () => {
  it('is what the collector answers, and says what to set', async () => {
    const east = await collector('east', 1);
    for (const token of [null, 'another-token-than-the-collector-has']) {
      const web = await replica([{ ...east.announced, at: Date.now() - 60_000 }], token);
      const { status, body } = await web.ask('GET', '/healthz');
      expect(status).toBe(503);
      expect(JSON.stringify(body.problems)).toMatch(
        /the collector east refuses this replica .* set the same COLLECTOR_TOKEN for both/,
      );
      expect(body.collectors).toMatchObject([{ name: 'east', away: true }]);
      expect((await web.ask('POST', acknowledge('east/1'))).status).toBe(503);
    }
    expect((await east.engine.open())[0]?.acknowledgedBy).toBeNull();
  });

  it('is believed by nobody that it acts for a person', async () => {
    const east = await collector('east', 1);
    const headers = { 'observatory-on-behalf-of': 'root' };
    const claimed = await fetch(east.url + acknowledge(1), { method: 'POST', headers });
    expect(claimed.status).toBe(401);
    const authorization = 'Bearer a-reader';
    const reading = { ...headers, authorization };
    expect((await fetch(east.url + ALERTS, { headers: reading })).status).toBe(401);
    expect((await fetch(east.url + ALERTS, { headers: { authorization } })).status).toBe(200);
  });
});
