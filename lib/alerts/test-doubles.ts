import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Alert, AlertRule, AlertSaid, Evidence, Reading } from '../domain/alert';
import { keptTexts } from '../domain/alert-texts';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import type { Judgement } from '../domain/judgement';
import { verbatim } from '../domain/said';
import { testDevice } from '../domain/test-device';
import { UTC } from '../domain/time-zone';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { MINUTE } from '../util/time';
import { DEFAULT_THRESHOLDS, type Facts, type JudgedDevice, type Round } from './facts';
import type { Circumstances } from './machine';
import { readings } from './rules';

/** Test doubles for this folder. */

export const T0 = Date.UTC(2026, 10, 24, 4, 0, 0);

/** Opens a database of its own in a temporary folder; `open` opens it as a restarted process would. */
export async function testStore(): Promise<{ store: Stores; file: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alerts-'));
  const file = path.join(folder, 'observatory.sqlite');
  const store = await openSqliteStores(file);
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { store, file };
}

/** A reading as it is read in English. */
type EnglishReading = Reading & { title: string; evidence: Evidence };

const inEnglish = (reading: Reading): EnglishReading => ({
  ...reading,
  ...keptTexts(reading.texts()),
});

/** Returns evidence that is the same in every language. */
export const evidence = (label: string, value: string): AlertSaid['evidence'] => [
  { label: verbatim(label), value },
];

export function reading(
  topic: string,
  state: Reading['state'],
  more: Partial<Reading> = {},
): Reading {
  return {
    rule: 'latency' as const,
    topic,
    nodeId: null,
    hostname: null,
    state,
    severity: 'warning' as const,
    texts: () => ({ title: verbatim(`${topic} is bad`), evidence: evidence('Saw', state) }),
    raiseRounds: 2,
    raiseAfterMs: 0,
    clearRounds: 2,
    ...more,
  };
}

export function alert(more: Partial<Alert> = {}): Alert {
  return {
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
    ...more,
  };
}

function connection(more: Partial<Connection> = {}): Connection {
  return {
    time: T0,
    nodeId: 'n1',
    hostname: 'git',
    connectionType: 'direct',
    relayNode: 'none',
    endpoint: '192.0.2.1:41641',
    latencyAvg: 20,
    latencyMin: 18,
    latencyMax: 22,
    jitter: 1,
    sent: 5,
    received: 5,
    txBytes: 0,
    rxBytes: 0,
    ...more,
  };
}

export const offline: Partial<Connection> = {
  connectionType: 'offline',
  endpoint: null,
  latencyAvg: null,
  latencyMin: null,
  latencyMax: null,
  jitter: null,
  received: 0,
};
export const relayed: Partial<Connection> = {
  connectionType: 'relay',
  relayNode: 'fra',
  endpoint: null,
};

export function round(more: Partial<Connection> = {}, rest: Partial<Round> = {}): Round {
  return {
    connection: connection(more),
    pings: null,
    lastDirect: null,
    lastAnswered: null,
    usual: null,
    ...rest,
  };
}

/** Returns a critical device that is online, unless `more` says otherwise. */
export function judged(
  device: Partial<Device> = {},
  more: Partial<Omit<JudgedDevice, 'device' | 'judgement'>> & {
    judgement?: Partial<Judgement>;
  } = {},
): JudgedDevice {
  const { judgement, ...rest } = more;
  return {
    device: testDevice('n1', { name: 'git', ...device }),
    judgement: {
      presence: 'online',
      path: 'direct',
      since: null,
      lastSeen: null,
      relayRegion: null,
      endpoint: null,
      latencyMs: null,
      seenByControl: true,
      confirmed: true,
      ...judgement,
    },
    forMs: null,
    critical: true,
    unmissed: null,
    outages: { count: 0, windowMs: 15 * MINUTE, quietForMs: null, isRepeated: false },
    ...rest,
  };
}

/** The input of a step of the state machine besides readings; alerts of `removed` devices end. */
export function circumstances({
  removed = new Set(),
  ...more
}: Partial<Circumstances> & { removed?: ReadonlySet<string> }): Circumstances {
  return {
    now: T0,
    nextId: 1,
    badForMs: () => 0,
    endedBecause: ({ nodeId }) =>
      nodeId !== null && removed.has(nodeId) ? 'the device was removed' : null,
    nameOf: () => null,
    ...more,
  };
}

export function facts(more: Partial<Facts> = {}): Facts {
  return {
    now: T0,
    rounds: [],
    devices: null,
    elapsed: 0,
    own: null,
    exitNode: null,
    routes: {},
    former: {},
    announcements: [],
    health: null,
    jobs: [],
    quota: null,
    budgets: null,
    models: [],
    thresholds: DEFAULT_THRESHOLDS,
    zone: UTC,
    ...more,
  };
}

/** Returns the readings of these facts, with all of them new, in English. */
export function readingsOf(given: Partial<Facts>): EnglishReading[] {
  const known = facts(given);
  return readings(known, {
    rounds: new Set(known.rounds.map(({ connection }) => connection.nodeId)),
    jobs: new Set(known.jobs.map(({ name }) => name)),
  }).map(inEnglish);
}

/** Returns the first reading of a rule. */
export function readingOf(rule: AlertRule, given: Partial<Facts>): EnglishReading | undefined {
  return readingsOf(given).find((one) => one.rule === rule);
}

/** Returns a rule's reading of one round to a critical device. */
export function afterRound(rule: AlertRule, c: Partial<Connection>, rest: Partial<Round> = {}) {
  return readingOf(rule, { rounds: [round(c, rest)], devices: [judged()] });
}

/** Returns a repeatable source of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
