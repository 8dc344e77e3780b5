import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Alert } from '../domain/alert';
import type { Device } from '../domain/device';
import { judgedAlone } from '../domain/judgement';
import type { OwnDevice } from '../domain/own-device';
import type { Announcement } from '../store/ports/collectors';
import type { SentSnapshot } from './snapshot';

/** For the tests of this folder: snapshots as collectors send them, and servers that answer with anything. */

const OK: OwnDevice = { state: 'ok', reason: '', remedy: '', since: 0, settled: true };
const ALERT: Alert = {
  id: 7,
  rule: 'offline',
  topic: 'offline_git',
  nodeId: 'n2',
  hostname: 'git',
  state: 'firing',
  severity: 'critical',
  title: 'git is offline',
  evidence: [],
  ...{ since: 1, firedAt: 2, resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null },
};
const DEVICE: Device = {
  ...{ id: 'n2', name: 'git', hostname: 'git', created: null, exitNodeInUse: false },
  ...{ dnsName: 'git.example.ts.net', addresses: ['100.64.0.2'] },
  ...{ user: null, tags: [], os: 'linux', self: false, online: true },
  classification: 'own',
  path: 'direct',
  ...{ lastSeen: null, lastHandshake: null, relayRegion: null, endpoint: null, subnetRoutes: [] },
  ...{ rxBytes: 1, txBytes: 2, keyExpiry: null, expired: false, exitNode: false },
};

/** What a collector of this version sends. */
export function snapshot(more: Partial<SentSnapshot> = {}): SentSnapshot {
  return {
    ...{ name: 'east', instance: 'east-1', version: '0.1.0', revision: 3 },
    ...{ at: 1_000, startedAt: 500 },
    tailnet: {
      ...{ source: 'localapi', location: '/run/tailscaled.sock', stale: false, error: null },
      ...{ answeredAt: 900, own: OK },
      devices: { complete: true, changed: [DEVICE] },
      status: {
        tailnet: { name: 'example', magicDnsSuffix: 'example.ts.net' },
        exitNode: null,
        ...{ health: [], version: '1.102', backendState: 'Running', tun: true },
      },
    },
    ...{ critical: ['n2'], unmatched: [], former: {} },
    rounds: { complete: true, changed: [] },
    judgements: {
      complete: true,
      changed: [{ id: 'n2', ...judgedAlone(DEVICE, OK), path: 'relay', latencyMs: 12 }],
    },
    network: { last: null, error: null },
    jobs: [],
    ingest: {
      state: { files: [], hits: 5, lastHit: 800, problems: [] },
      ...{ storeError: null, sender: null },
    },
    rejected: { total: 0, samples: [] },
    findings: [],
    alerts: { open: [ALERT], mutes: [] },
    pastAlerts: { complete: true, changed: [] },
    channels: [],
    models: { states: [], file: { file: 'models.csv', notice: null } },
    accessLog: { pattern: '/var/log/access.log', countNonTailnet: false },
    connectionIntervalMs: 60_000,
    quotaPlan: {
      ...{ name: 'Personal', checkedOn: '2026-09-20' },
      limits: { users: 6, externalUsers: null, devices: null },
    },
    trafficBudget: { all: null, each: 5e9, devices: { nas: 1e12 } },
    events: [],
    ...more,
  };
}

export const announced = (url: string, more: Partial<Announcement> = {}): Announcement => ({
  ...{ name: 'east', instance: 'east-1', version: '0.1.0', url, at: Date.now() },
  ...more,
});

/** Starts a server on loopback; each request is answered by the current `answer`. */
export async function server(first: http.RequestListener) {
  const asked: http.IncomingMessage[] = [];
  const made = {
    answer: first,
    asked,
    url: '',
    close: () => {
      listening.closeAllConnections();
      listening.close();
    },
  };
  const listening = http.createServer((request, response) => {
    asked.push(request);
    made.answer(request, response);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  made.url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  onTestFinished(made.close);
  return made;
}

export const answering =
  (body: unknown, status = 200): http.RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
