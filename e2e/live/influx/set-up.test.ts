import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Influx } from '../../../lib/store/influx/client';
import { setUp } from '../../../lib/store/influx/setup';
import { StoreUnavailable } from '../../../lib/store/ports/store-unavailable';
import { labSettings, ownBuckets, RETENTION } from './lab-influx';

type Permission = { action: string; resource: { type: string; id?: string; orgID?: string } };

describe('setting InfluxDB up', () => {
  let buckets: Awaited<ReturnType<typeof ownBuckets>>;
  const tokens: string[] = [];
  beforeEach(async () => {
    buckets = await ownBuckets('setup');
  });
  afterEach(async () => {
    for (const id of tokens.splice(0)) {
      await buckets.influx.request('DELETE', `/api/v2/authorizations/${id}`);
    }
    await buckets.remove();
  });

  /** A token that may do this, and no more. */
  async function token(permissions: (orgID: string) => Permission[]): Promise<string> {
    const { influx } = buckets;
    const found = (await influx.request('GET', `/api/v2/orgs?org=${influx.org}`)) as {
      orgs: { id: string }[];
    };
    const orgID = found.orgs[0]?.id ?? '';
    const made = (await influx.request('POST', '/api/v2/authorizations', {
      orgID,
      permissions: permissions(orgID),
    })) as { id: string; token: string };
    tokens.push(made.id);
    return made.token;
  }
  const as = (own: string, change: { bucket?: string; org?: string } = {}) =>
    new Influx({ ...buckets.settings, ...change, token: own });
  const failure = async (influx: Influx, writes = true): Promise<StoreUnavailable> => {
    const error = await setUp(influx, RETENTION, writes).catch((thrown: unknown) => thrown);
    if (!(error instanceof StoreUnavailable))
      throw new Error(`it did not fail: ${JSON.stringify(error)}`);
    return error;
  };

  it('makes buckets with their retention and a task, and nothing the second time', async () => {
    expect((await setUp(buckets.influx, RETENTION, true)).made).toEqual([]);
    const org = encodeURIComponent(buckets.influx.org);
    const { tasks } = (await buckets.influx.request(
      'GET',
      `/api/v2/tasks?org=${org}&limit=500`,
    )) as {
      tasks: { name: string; status: string }[];
    };
    const mine = tasks.filter(({ name }) => name.endsWith(` ${buckets.bucket}`));
    expect(mine).toMatchObject([{ status: 'active' }]);
    const { buckets: found } = (await buckets.influx.request(
      'GET',
      `/api/v2/buckets?org=${org}&name=${buckets.bucket}`,
    )) as { buckets: { retentionRules: { everySeconds: number }[] }[] };
    expect(found[0]?.retentionRules[0]?.everySeconds).toBe(32 * 86_400);
  });

  it('says that a token is wrong', async () => {
    const error = await failure(as('wrong'));
    expect(error.message).toContain('INFLUX_TOKEN');
    expect(error.message).not.toContain('wrong-');
  });

  it('says that the organisation is not there', async () => {
    const error = await failure(as(labSettings().token, { org: 'nobody' }));
    expect(error.message).toContain('INFLUX_ORG');
  });

  it('says that a token may only read, and how to make one that may write', async () => {
    const readOnly = await token((orgID) => [
      { action: 'read', resource: { type: 'buckets', orgID } },
      { action: 'read', resource: { type: 'orgs', orgID } },
    ]);
    const error = await failure(as(readOnly));
    expect(error.reason).toBe('read_only');
    expect(error.message).toContain(`may not write to the bucket ${buckets.bucket}`);
    expect(error.message).toContain('influx auth create');
  });

  it('lets a replica do with a token that may only read', async () => {
    const readOnly = await token((orgID) => [
      { action: 'read', resource: { type: 'buckets', orgID } },
      { action: 'read', resource: { type: 'orgs', orgID } },
    ]);
    expect((await setUp(as(readOnly), RETENTION, false)).made).toEqual([]);
  });

  it('gives the commands when buckets are missing and the token may not make them', async () => {
    const own = await token((orgID) => [
      { action: 'read', resource: { type: 'buckets', orgID } },
      { action: 'read', resource: { type: 'orgs', orgID } },
    ]);
    const error = await failure(as(own, { bucket: 'not there' }));
    expect(error.message).toContain(
      "influx bucket create --org lab --name 'not there' --retention 32d",
    );
    expect(error.message).toContain("--name 'not there_rollups' --retention 732d");
    expect(error.message).toContain("--name 'not there_state' --retention 0");
  });

  it('works without the right to make tasks, and says which one to make', async () => {
    const own = await token((orgID) => [
      { action: 'read', resource: { type: 'buckets', orgID } },
      { action: 'write', resource: { type: 'buckets', orgID } },
      { action: 'read', resource: { type: 'orgs', orgID } },
    ]);
    const { advice } = await setUp(as(own), RETENTION, true);
    expect(advice.map(({ text }) => text).join()).toContain('influx task create');
  });

  it.each([
    ['by its version', { 'x-influxdb-version': '3.1.0', 'x-influxdb-build': 'Core' }, 200],
    ['by what it cannot do', { 'x-influxdb-version': 'unheard of' }, 404],
  ])('recognises a server without Flux %s', async (_, headers, status) => {
    const server = http.createServer((request, response) => {
      const isPing = request.url === '/ping';
      response.writeHead(isPing ? 200 : status, { ...headers, 'content-type': 'application/json' });
      response.end(isPing ? '' : '{"error":"not found"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const settings = { ...buckets.settings, url: `http://127.0.0.1:${port}` };
    const error = await failure(new Influx(settings));
    expect(error.message).toContain('no Flux');
    expect(error.message).toContain('InfluxDB 2');
    server.close();
  });

  it('tells a server that is away from one that will not do', async () => {
    const error = await failure(new Influx({ ...buckets.settings, url: 'http://127.0.0.1:9' }));
    expect(error.reason).toBe('busy');
    expect(error.message).toContain('does not answer');
  });
});
