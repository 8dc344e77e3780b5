import * as z from 'zod';
import { ALERT_RULES, ALERT_STATES, type AlertSaid, SEVERITIES } from '../domain/alert';
import { isAlertSaid } from '../domain/alert-texts';
import { CONNECTION_TYPES } from '../domain/connection';
import { CLASSIFICATIONS, PATHS } from '../domain/device';
import { EVENT_KINDS } from '../domain/event';
import { FINDING_CODES } from '../domain/finding';
import { PRESENCES } from '../domain/judgement';
import { OWN_STATES } from '../domain/own-device';
import { isSaid, type Said } from '../domain/said';

/** The parts of a snapshot. Unknown keys are dropped. */

/** A list without the entries that this version does not understand: a newer one may send other kinds. */
export const knownOf = <T extends z.ZodType>(entry: T) =>
  z.preprocess(
    (list) => (Array.isArray(list) ? list.filter((one) => entry.safeParse(one).success) : list),
    z.array(entry),
  );

/** A record without the entries that this version does not understand. */
export const knownByKey = <T extends z.ZodType>(entry: T) =>
  z.preprocess(
    (record) =>
      record instanceof Object
        ? Object.fromEntries(
            Object.entries(record).filter(([, one]) => entry.safeParse(one).success),
          )
        : record,
    z.record(z.string(), entry),
  );

const text = z.string().nullable();
export const said: z.ZodType<Said> = z.any().refine((value) => isSaid(value));
const alertSaid: z.ZodType<AlertSaid> = z.any().refine((value) => isAlertSaid(value));
/** Texts for readers of any language: without those that this version does not understand, there is the English. */
export const ifKnown = <T extends z.ZodType>(texts: T) => texts.optional().catch(undefined);
const number = z.number().nullable();

export const device = z.object({
  id: z.string(),
  name: z.string(),
  hostname: z.string(),
  dnsName: z.string(),
  addresses: z.array(z.string()),
  user: z.object({ id: z.string(), login: z.string(), name: z.string() }).nullable(),
  tags: z.array(z.string()),
  os: z.string(),
  classification: z.enum(CLASSIFICATIONS),
  self: z.boolean(),
  online: z.boolean(),
  created: number,
  lastSeen: number,
  lastHandshake: number,
  path: z.enum(PATHS),
  relayRegion: text,
  endpoint: text,
  rxBytes: z.number(),
  txBytes: z.number(),
  keyExpiry: number,
  expired: z.boolean(),
  exitNode: z.boolean(),
  exitNodeInUse: z.boolean(),
  subnetRoutes: z.array(z.string()),
  inventory: z
    .object({ firstSeen: z.number(), facts: z.record(z.string(), z.string()) })
    .optional(),
});

/** But for the devices. */
export const tailnetStatus = z.object({
  tailnet: z.object({ name: z.string(), magicDnsSuffix: z.string() }),
  exitNode: z.object({ id: z.string(), name: z.string(), online: z.boolean() }).nullable(),
  health: z.array(z.string()),
  version: z.string(),
  backendState: z.string(),
  tun: z.boolean(),
});

export const connection = z.object({
  time: z.number(),
  nodeId: z.string(),
  hostname: z.string(),
  connectionType: z.enum(CONNECTION_TYPES),
  relayNode: z.string(),
  endpoint: text,
  latencyAvg: number,
  latencyMin: number,
  latencyMax: number,
  jitter: number,
  sent: z.number(),
  received: z.number(),
  txBytes: z.number(),
  rxBytes: z.number(),
});

export const ownDevice = z.object({
  // For a state that this version does not know, `reason` describes it.
  state: z.enum(OWN_STATES).catch('unreachable'),
  reason: z.string(),
  remedy: z.string(),
  said: ifKnown(z.object({ reason: said, remedy: said })),
  since: z.number(),
  settled: z.boolean(),
});

export const unmatched = z.object({ entry: z.string(), near: z.array(z.string()) });

export const formerDevice = z.object({ name: z.string(), leftAt: z.number() });

export const judgement = z.object({
  /** Of the device. */
  id: z.string(),
  presence: z.enum(PRESENCES),
  path: z.enum(PATHS),
  since: number,
  lastSeen: number,
  relayRegion: text,
  endpoint: text,
  latencyMs: number,
  seenByControl: z.boolean(),
  confirmed: z.boolean(),
});

export const netcheckResult = z.object({
  time: z.number(),
  netcheck: z.object({
    udp: z.boolean(),
    ipv4: z.boolean(),
    ipv6: z.boolean(),
    mappingVariesByDestIp: z.boolean().nullable(),
    portMapping: z.array(z.string()).nullable(),
    captivePortal: z.boolean().nullable(),
    preferredDerp: number,
    regionLatencyMs: z.record(z.string(), z.number()),
  }),
  regions: z.record(z.string(), z.object({ code: z.string(), name: z.string() })),
});

export const jobState = z.object({
  name: z.string(),
  schedule: z.string(),
  running: z.boolean(),
  lastRun: number,
  lastDurationMs: number,
  lastError: text,
  lastErrorSaid: ifKnown(said),
  lastCause: z.enum(['tailscale', 'store']).nullable().catch(null),
  nextRun: number,
  overdueMs: z.number(),
  // A collector of the version before this does not count.
  runs: z.number().default(0),
  failures: z.number().default(0),
  ranMs: z.number().default(0),
});

const fileState = z.object({
  path: z.string(),
  // Missing from some collectors; only a collector's own log doctor needs it.
  log: z.string().default(''),
  format: text,
  sizeBytes: z.number(),
  readBytes: z.number(),
  error: text,
  errorSaid: ifKnown(said),
});
const fileProblem = z.object({
  path: z.string(),
  log: z.string(),
  code: z.string(),
  message: z.string(),
  said: ifKnown(said),
});
export const ingestState = z.object({
  files: knownOf(fileState),
  hits: z.number(),
  lastHit: number,
  problems: knownOf(fileProblem),
});

export const senderState = z.object({
  points: z.number(),
  bytes: z.number(),
  oldest: number,
  error: text,
  errorSaid: ifKnown(said),
  failingSince: number,
  rejected: z.number(),
  lastRejected: text,
  sent: z.number(),
});

export const rejectedLine = z.object({
  path: z.string(),
  offset: z.number(),
  line: z.string(),
  reason: z.string(),
  time: z.number(),
});

export const finding = z.object({
  code: z.enum(FINDING_CODES),
  severity: z.enum(['error', 'warning', 'hint']),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
  snippet: text,
  said: ifKnown(z.object({ title: said, detail: said, remedy: said })),
});

export const alert = z.object({
  id: z.int(),
  rule: z.enum(ALERT_RULES),
  topic: z.string(),
  nodeId: text,
  hostname: text,
  state: z.enum(ALERT_STATES),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  evidence: z.array(z.object({ label: z.string(), value: z.string() })),
  said: ifKnown(alertSaid),
  since: z.number(),
  firedAt: number,
  resolvedAt: number,
  acknowledgedAt: number,
  acknowledgedBy: text,
});

export const mute = z.object({
  id: z.int(),
  topic: text,
  nodeId: text,
  from: z.number(),
  until: z.number(),
  reason: z.string(),
  by: z.string(),
});

export const channel = z.object({
  name: z.string(),
  state: z.object({
    waiting: z.number(),
    lastSentAt: number,
    lastError: text,
    lastErrorSaid: ifKnown(said),
    failed: z.number(),
  }),
});

const entryStatus = z.enum(['learning', 'ok', 'degraded']);
const metrics = z.object({ mae: z.number() }).catchall(z.number());
export const modelState = z.object({
  model: z.string(),
  status: z.enum(['learning', 'ok', 'degraded', 'silent']),
  entryStatus,
  last: z.object({
    id: z.int(),
    model: z.string(),
    time: z.number(),
    version: text,
    trainedAt: number,
    horizon: text,
    window: text,
    metrics,
    baselineMae: number,
    ratio: number,
    status: entryStatus,
  }),
  baseline: z.record(z.string(), z.number()),
  factor: z.number(),
  silentAfterMs: number,
  entries: z.number(),
});

export const quotaPlan = z.object({
  name: z.string(),
  checkedOn: z.string(),
  limits: z.object({ users: number, externalUsers: number, devices: number }),
});

export const trafficBudget = z.object({
  all: number,
  each: number,
  devices: z.record(z.string(), z.number()),
});

export const event = z.object({
  id: z.int(),
  time: z.number(),
  kind: z.enum(EVENT_KINDS),
  nodeId: text,
  hostname: text,
  before: text,
  after: text,
});
