import { z } from 'zod';
import { type Judgement, judgedAlone } from '../domain/judgement';
import type { CollectorServices } from '../services';
import { MINUTE } from '../util/time';
import { version } from '../util/version';
import {
  alert,
  channel,
  connection,
  event,
  finding,
  formerDevice,
  ingestState,
  jobState,
  judgement,
  knownByKey,
  knownOf,
  modelState,
  mute,
  netcheckResult,
  ownDevice,
  quotaPlan,
  rejectedLine,
  senderState,
  tailnetStatus,
  unmatched,
} from './snapshot-parts';

/** Replicas show this many past alerts; the collector's database has all of them. */
const PAST_ALERTS = 200;
const EVENTS_BACK_MS = 10 * MINUTE;
const MOST_EVENTS = 200;

/**
 * The state of a collector as a replica reads it, with the names of the code, since only two processes of this program
 * exchange it. Unknown keys of other versions are dropped. A field added later needs a default, since collectors of the
 * previous version do not send it.
 */
export const snapshotSchema = z.object({
  name: z.string(),
  instance: z.string(),
  version: z.string(),
  /** When it was taken, and when the collector started; epoch milliseconds. */
  at: z.number(),
  startedAt: z.number(),
  tailnet: z.object({
    source: z.enum(['localapi', 'sidecar', 'cli', 'demo', 'none']).catch('none'),
    location: z.string(),
    /** `null`: there is none yet, or the replica has it already (`statusKnown`). */
    status: tailnetStatus.nullable(),
    statusKnown: z.boolean(),
    answeredAt: z.number().nullable(),
    stale: z.boolean(),
    error: z.string().nullable(),
    own: ownDevice,
  }),
  rounds: knownOf(connection),
  /** Ids of the devices that are pinged each round. */
  critical: z.array(z.string()),
  unmatched: knownOf(unmatched),
  former: knownByKey(formerDevice),
  /** By device id, where it differs from what the status says. */
  judgements: knownByKey(judgement),
  network: z.object({ last: netcheckResult.nullable(), error: z.string().nullable() }),
  jobs: knownOf(jobState),
  ingest: z.object({
    state: ingestState,
    storeError: z.string().nullable(),
    sender: senderState.nullable(),
  }),
  rejected: z.object({ total: z.number(), samples: knownOf(rejectedLine) }),
  findings: knownOf(finding),
  alerts: z.object({ open: knownOf(alert), history: knownOf(alert), mutes: knownOf(mute) }),
  channels: knownOf(channel),
  models: z.object({
    states: knownOf(modelState),
    file: z.object({ file: z.string(), notice: z.string().nullable() }),
  }),
  accessLog: z.object({ pattern: z.string().nullable(), countNonTailnet: z.boolean() }),
  connectionIntervalMs: z.number(),
  quotaPlan,
  /** Of the last ten minutes, newest first. */
  events: knownOf(event),
});
export type Snapshot = z.output<typeof snapshotSchema>;

/** Takes a snapshot. The tailnet's status, the largest part, is omitted if it is the one of `knownStatus`. */
export async function takeSnapshot(
  services: CollectorServices,
  knownStatus: number | null,
): Promise<Snapshot> {
  const { own, instance, tailnet, connections, accessLog, alerts, models } = services;
  const now = Date.now();
  const { status, ...view } = tailnet.view();
  const devices = status?.devices ?? [];
  const statusKnown = knownStatus !== null && view.answeredAt === knownStatus;
  const { pattern, countNonTailnet, state, storeError, sender } = accessLog;
  const range = { from: now - EVENTS_BACK_MS, to: now + MINUTE };
  const [rejected, findings, open, past, mutes, channels, recent] = await Promise.all([
    accessLog.rejected(),
    accessLog.findings(),
    alerts.open(),
    alerts.history(PAST_ALERTS),
    alerts.mutes(),
    Promise.all(alerts.channels().map(async ({ name, state }) => ({ name, state: await state() }))),
    services.histories.events.events(range, {}, MOST_EVENTS, null),
  ]);
  return {
    ...own.collector,
    version,
    at: now,
    startedAt: instance.startedAt,
    tailnet: { ...view, status: statusKnown ? null : status, statusKnown },
    rounds: [...connections.last().values()],
    critical: connections.critical(devices).map(({ id }) => id),
    unmatched: connections.unmatched(devices),
    former: tailnet.former(),
    judgements: Object.fromEntries(
      devices.flatMap((device) => {
        const judged = connections.judge(device);
        return isSame(judged, judgedAlone(device, view.own)) ? [] : [[device.id, judged]];
      }),
    ),
    network: tailnet.network(),
    jobs: services.jobs(),
    ingest: { state, storeError, sender },
    rejected,
    findings,
    alerts: { open, history: past.alerts, mutes },
    channels,
    models: { states: models.states(), file: models.csv() },
    accessLog: { pattern, countNonTailnet },
    connectionIntervalMs: instance.connectionIntervalMs,
    quotaPlan: instance.quotaPlan,
    events: recent.events,
  };
}

const isSame = (a: Judgement, b: Judgement) =>
  (Object.keys(a) as (keyof Judgement)[]).every((key) => a[key] === b[key]);
