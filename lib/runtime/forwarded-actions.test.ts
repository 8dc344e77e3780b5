import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HitBatch } from '../rollup/hit-batch';
import type { OwnServices } from '../services';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import {
  announcementOf,
  collectorOver,
  jobReport,
  replicaOver,
  type Served,
  serve,
  TOKEN,
} from './test-cluster';

let folder: string;
let closing: (() => Promise<void>)[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'forwarded-'));
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
async function collector(name: string, own: Partial<OwnServices> = {}) {
  const store = await storeOf(name);
  const made = collectorOver({ name, store, own });
  const served = await serve(made.services, TOKEN);
  closing.push(served.close);
  return { ...made, ...served, store, announced: announcementOf(made.services, served.url) };
}
async function replica(...collectors: { announced: ReturnType<typeof announcementOf> }[]) {
  const announced = collectors.map((one) => one.announced);
  const made = replicaOver(announced, await storeOf('replica'));
  await made.watch.run();
  const served = await serve(made.services, null);
  closing.push(served.close);
  return { ...made, ...served };
}
const JSON_BODY = { 'content-type': 'application/json' };
async function send({ url }: Pick<Served, 'url'>, method: string, call: string, body?: unknown) {
  const response = await fetch(url + call, {
    method,
    headers: { ...JSON_BODY, ...(call === '/models/metrics' && { authorization: 'Bearer a-job' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
const MUTES = '/health-monitoring/mutes';
const MAINTENANCE = { minutes: 60, reason: 'maintenance' };

describe('signed links on a replica', () => {
  it('are shown by the collector that made them, and revoked on every one', async () => {
    const revoked: string[] = [];
    const linksOf = (name: string): OwnServices['links'] => ({
      sign: async () => '',
      read: async (link) => ({ state: link.includes(name) ? 'expired' : 'invalid' }),
      revokeAll: async () => void revoked.push(name),
    });
    const east = await collector('east', { links: linksOf('east') });
    const west = await collector('west', { links: linksOf('west') });
    const web = await replica(east, west);
    const view = (link: string) => send(web, 'GET', `/widgets/view?link=${link}`);
    const signature = 'A'.repeat(43);
    for (const name of ['east', 'west']) {
      const { status, body } = await view(`e30.${name}~${signature}`);
      expect([status, body.detail]).toEqual([404, expect.stringContaining('has expired')]);
    }
    expect((await view(`e30.north~${signature}`)).status).toBe(404);
    expect((await send(web, 'DELETE', '/widgets/links')).status).toBe(204);
    expect(revoked.sort()).toEqual(['east', 'west']);
    for (const { audited } of [east, west]) expect(audited).toMatchObject([{ action: 'unlink' }]);
  });
});

describe('rejected lines on a replica', () => {
  it('are masked, and as they were logged when an admin asks, which both note', async () => {
    const east = await collector('east');
    const [line, reason] = ['odd ~ GET /login?password=s3cret ~ 200', 'no quoted request'];
    const rejected = [{ position: { file: 1, offset: 0 }, line, reason }];
    await east.store.ingest.commit({ hits: HitBatch.of([]), rejected, checkpoints: [] });
    const web = await replica(east);
    const doctor = '/analytics/log-doctor';
    for (const process of [east, web]) {
      const { body } = await send(process, 'GET', doctor);
      expect(body.rejected.samples).toMatchObject([{ line: 'odd ~ GET /login?… ~ 200' }]);
      const unmasked = await send(process, 'GET', `${doctor}?unmasked=true`);
      expect(unmasked.body.rejected.samples).toMatchObject([{ line }]);
    }
    const snapshot = await send(east, 'GET', '/cluster/snapshot');
    expect(JSON.stringify(snapshot.body)).not.toContain('s3cret');
    const asked = { action: 'unmask', target: 'the rejected lines of the access log' };
    expect(web.audited).toMatchObject([{ ...asked, actor: 'operator' }]);
    expect(east.audited).toMatchObject([
      { ...asked, actor: 'operator' },
      { ...asked, actor: 'operator via replica' },
    ]);
  });
});

describe('what is done on a replica', () => {
  it('is done once by the collector, in the name of the person, and noted on both', async () => {
    const east = await collector('east');
    const web = await replica(east);
    const muted = await send(web, 'POST', MUTES, MAINTENANCE);
    expect(muted).toMatchObject({ status: 200, body: { id: 'east/1', reason: 'maintenance' } });
    expect(await east.engine.mutes()).toMatchObject([{ reason: 'maintenance', by: 'operator' }]);
    const done = { action: 'mute', target: expect.stringMatching(/^everything until 20/) };
    expect(web.audited).toMatchObject([{ ...done, actor: 'operator' }]);
    expect(east.audited).toMatchObject([{ ...done, actor: 'operator via replica' }]);
  });

  it('is done once, however the answer is lost, also after a restart of the collector', async () => {
    let checks = 0;
    const east = await collector('east', {
      ping: () => null,
      checkNetwork: async () => {
        checks++;
      },
    });
    // A proxy in between that loses the answers to changes.
    const lossy = http.createServer((request, response) => {
      const { method, headers } = request;
      const onwards = http.request(east.url + request.url, { method, headers }, (answer) => {
        if (method === 'GET') {
          response.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(response);
        } else answer.on('end', () => response.destroy()).resume();
      });
      request.pipe(onwards);
    });
    await new Promise<void>((resolve) => lossy.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      lossy.closeAllConnections();
      lossy.close();
    });
    const { port } = lossy.address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    east.known.url = url;
    const announced = { ...east.announced, url };
    const web = await replica({ announced });
    const lost = await send(web, 'POST', MUTES, MAINTENANCE);
    expect(lost.status).toBe(503);
    expect(lost.body.detail).toContain('it may have done it all the same');
    expect(await east.engine.mutes()).toMatchObject([{ reason: 'maintenance', by: 'operator' }]);

    const restarted = collectorOver({ name: 'east', store: await storeOf('east') });
    await web.watch.run();
    await web.watch.run();
    expect(await restarted.engine.mutes()).toHaveLength(1);
    // A client that got no answer repeats the request, which must not make a second mute.
    await send(web, 'POST', MUTES, MAINTENANCE);
    expect(await restarted.engine.mutes()).toHaveLength(1);
    const call = '/health-monitoring/diagnostics?refresh=true';
    await send(web, 'GET', call);
    expect(checks).toBe(1);
  });

  it('is answered with what is wrong with it, and holds up no other', async () => {
    const east = await collector('east');
    const web = await replica(east);
    const answers = await Promise.all([
      send(web, 'POST', '/format/the/disk', {}),
      send(web, 'POST', MUTES, 'nonsense'),
      send(web, 'POST', MUTES, { ...MAINTENANCE, minutes: -1 }),
      send(web, 'DELETE', `${MUTES}/east/77`),
      send(web, 'POST', '/models/metrics', { model_name: 'tides', metrics: { rmse: 1 } }),
      send(web, 'POST', '/models/metrics', jobReport),
      send(web, 'GET', '/models/metrics-history?model_name=tides&limit=5'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 404, 400, 409, 200]);
    const details = answers.map(({ body }) => body?.detail);
    expect(details[2]).toContain('minutes');
    expect(details[3]).toContain('No mute has the number 77');
    expect(details[4]).toContain('metrics.mae');
    expect(details[5]).toBe('no room for tides');
    expect(answers[6]?.body).toMatchObject({ entries: [], next_cursor: null });
    expect(await east.engine.mutes()).toEqual([]);
    expect(web.audited).toEqual([]);
  });
});
