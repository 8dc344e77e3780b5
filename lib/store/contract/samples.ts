import type { AccessFilter, Hit } from '../../domain/access';
import type { Alert } from '../../domain/alert';
import type { Checkpoint } from '../../domain/checkpoint';
import type { ModelReport } from '../../domain/model';
import type { Message, Notice, OpenAlert } from '../../domain/notice';
import { HitBatch } from '../../rollup/hit-batch';
import { DAY, SECOND } from '../../util/time';
import type { Evaluation } from '../ports/alerts';
import type { IngestStore } from '../ports/ingest';

/** 2026-11-20T00:00:00Z, a whole hour, day and six hours. */
export const T0 = Date.UTC(2026, 10, 20);
export const ALL: AccessFilter = { bots: false, nonTailnet: false };
export const dayOf = (time: number) => ({ from: time, to: time + DAY });

export const aHit = (offset: number, change: Partial<Hit> = {}): Hit => ({
  position: { file: 1, offset },
  time: T0 + offset * SECOND,
  ip: '100.64.0.2',
  method: 'GET',
  path: '/dashboard',
  endpoint: '/dashboard',
  host: null,
  status: 200,
  responseMs: 12,
  bytes: 100,
  client: 'browser',
  ...change,
});

export const aCheckpoint = (offset: number, change: Partial<Checkpoint> = {}): Checkpoint => ({
  file: 1,
  log: '/var/log/nginx/access.log',
  path: '/var/log/nginx/access.log',
  device: 1,
  inode: 2,
  fingerprint: 'aGVhZA==',
  offset,
  retired: false,
  ...change,
});

/** Commits hits of one log, read up to the last of them. */
export const putHits = (ingest: IngestStore, hits: Hit[]): Promise<void> =>
  ingest.commit({
    hits: HitBatch.of(hits),
    rejected: [],
    checkpoints: [aCheckpoint(Math.max(...hits.map((hit) => hit.position.offset)) + 1)],
  });

const anAlert = (change: Partial<Alert> = {}): Alert => ({
  id: 1,
  rule: 'latency',
  topic: 'latency_git',
  nodeId: 'n1',
  hostname: 'git',
  state: 'firing',
  severity: 'warning',
  title: 'High latency to git: 118 ms',
  evidence: [],
  since: T0,
  firedAt: T0,
  resolvedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  ...change,
});

export const anOpenAlert = (change: Partial<Alert> = {}): OpenAlert => ({
  alert: anAlert(change),
  bad: 2,
  good: 1,
  notified: false,
});

export const anEvaluation = (change: Partial<Evaluation> = {}): Evaluation => ({
  changed: [],
  vanished: [],
  notices: [],
  channels: [],
  notified: [],
  ...change,
});

export const aNotice = (change: Partial<Alert> = {}, kind: Notice['kind'] = 'fired'): Notice => ({
  kind,
  at: T0,
  alert: anAlert(change),
});

export const aMessage = (...notices: Notice[]): Message => ({
  createdAt: T0,
  news: notices.map((notice) => ({ notice, suppressed: 0 })),
  unconfirmed: 0,
});

export const aReport = (change: Partial<ModelReport> = {}): ModelReport => ({
  model: 'prophet/git',
  time: T0,
  version: '1.0',
  trainedAt: null,
  horizon: '1 day',
  window: '30 days',
  metrics: { mae: 2.5, rmse: 3.1, r2: 0.8 },
  ...change,
});
