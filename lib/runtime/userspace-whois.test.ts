import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlockList } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { Gate } from '../identity/gate';
import { Identifier } from '../identity/identifier';
import { Tokens } from '../identity/tokens';
import { localApi } from '../tailscale/local-api';
import { createGatedServer } from './gated-server';

/** Long beside what an answer takes that does not wait, on a busy machine too. */
const DELAY_MS = 500;

/** Starts our server with a tailscaled without a TUN device, which answers slowly, one request after another. */
async function besideUserspace() {
  const tailscaled = await fakeTailscaled();
  tailscaled.setFault('whois', { kind: 'in turn', ms: DELAY_MS });
  tailscaled.setFault('status', { kind: 'in turn', ms: 0 });
  const tailscale = localApi({ socketPath: tailscaled.socketPath });
  const answer = { ...(await tailscale.status()), tun: false };
  const access = { policy: { admins: [], viewers: [] }, allowedHosts: [] };
  const settings = {
    auth: 'local' as const,
    trustedProxies: new BlockList(),
    policy: access.policy,
    replicaToken: null,
  };
  const tokens = new Tokens(path.join(path.dirname(tailscaled.socketPath), 'tokens.json'), []);
  const identifier = new Identifier(settings, tailscale, () => answer, tokens);
  const gate = Promise.resolve(new Gate(access, identifier, () => answer));
  const server = createGatedServer((_, response) => response.end('{}'), {}, gate);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.close().closeAllConnections();
    await tailscaled.close();
  });
  const { port } = server.address() as AddressInfo;
  const get = (agent: http.Agent) =>
    new Promise<number>((resolve, reject) => {
      const started = performance.now();
      http
        .get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => {
          response.resume().on('end', () => resolve(performance.now() - started));
        })
        .on('error', reject);
    });
  const asked = () =>
    tailscaled.requests.filter(({ url }) => url.startsWith('/localapi/v0/whois')).length;
  return { tailscale, get, asked };
}

describe('requests beside a tailscaled without a TUN device', () => {
  it('wait for one whois for each connection, and on a known one for none', async () => {
    const { tailscale, get, asked } = await besideUserspace();
    const page = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => page.destroy());
    await get(page);
    expect(asked()).toBe(1);
    const others = Array.from({ length: 8 }, () => new http.Agent({ keepAlive: true }));
    onTestFinished(() => {
      for (const agent of others) agent.destroy();
    });
    const opening = Promise.all(others.map(get));
    await sleep(20);
    for (let i = 0; i < 10; i++) expect(await get(page)).toBeLessThan(DELAY_MS / 2);
    const started = performance.now();
    await tailscale.status();
    // Other requests wait for the lookups under way, not for all queued ones.
    expect(performance.now() - started).toBeLessThan(DELAY_MS * 3);
    await opening;
    expect(asked()).toBe(9);
  });
});
