import * as z from 'zod';
import type { Alert } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { TailnetStatus } from '../domain/device';
import type { Judgement } from '../domain/judgement';
import { SOURCES } from '../domain/tailnet-view';
import { NO_BUDGET } from '../domain/traffic-budget';
import { changesOf, withChanges } from './changes';
import {
  alert,
  channel,
  connection,
  device,
  event,
  finding,
  formerDevice,
  ifKnown,
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
  said,
  senderState,
  tailnetStatus,
  trafficBudget,
  unmatched,
} from './snapshot-parts';

/**
 * How a collector is doing, as it says so to a replica: in the words of the code, since it passes between two processes
 * of this program alone. Of another version, what is unknown is dropped. A field that is added later needs a default,
 * since collectors of the version before do not send it.
 */
export const snapshotSchema = z.object({
  name: z.string(),
  instance: z.string(),
  version: z.string(),
  /** Of the lists that are long; the next snapshot may be asked for since it. */
  revision: z.number(),
  /** When it was taken, and when the collector started; epoch milliseconds. */
  at: z.number(),
  startedAt: z.number(),
  tailnet: z.object({
    source: z.enum(SOURCES).catch('none'),
    location: z.string(),
    status: tailnetStatus.nullable(),
    devices: changesOf(device),
    answeredAt: z.number().nullable(),
    stale: z.boolean(),
    error: z.string().nullable(),
    errorSaid: ifKnown(said),
    own: ownDevice,
  }),
  rounds: changesOf(connection),
  /** Ids of the devices that are pinged each round. */
  critical: z.array(z.string()),
  unmatched: knownOf(unmatched),
  former: knownByKey(formerDevice),
  judgements: changesOf(judgement),
  network: z.object({
    last: netcheckResult.nullable(),
    error: z.string().nullable(),
    errorSaid: ifKnown(said),
  }),
  jobs: knownOf(jobState),
  ingest: z.object({
    state: ingestState,
    storeError: z.string().nullable(),
    storeErrorSaid: ifKnown(said),
    sender: senderState.nullable(),
  }),
  rejected: z.object({ total: z.number(), samples: knownOf(rejectedLine) }),
  findings: knownOf(finding),
  alerts: z.object({ open: knownOf(alert), mutes: knownOf(mute) }),
  /** Resolved alerts, newest first. */
  pastAlerts: changesOf(alert),
  channels: knownOf(channel),
  models: z.object({
    states: knownOf(modelState),
    file: z.object({
      file: z.string(),
      notice: z.string().nullable(),
      noticeSaid: ifKnown(said),
    }),
  }),
  accessLog: z.object({ pattern: z.string().nullable(), countNonTailnet: z.boolean() }),
  connectionIntervalMs: z.number(),
  quotaPlan,
  trafficBudget: trafficBudget.default(NO_BUDGET),
  /** Of the last ten minutes, newest first. */
  events: knownOf(event),
});
export type SentSnapshot = z.output<typeof snapshotSchema>;
export type JudgedDevice = Judgement & { id: string };

/** A snapshot with the lists as they are after it. */
export type Snapshot = Omit<SentSnapshot, 'tailnet' | 'rounds' | 'judgements' | 'pastAlerts'> & {
  tailnet: Omit<SentSnapshot['tailnet'], 'status' | 'devices'> & { status: TailnetStatus | null };
  rounds: readonly Connection[];
  judgements: ReadonlyMap<string, Judgement>;
  pastAlerts: readonly Alert[];
};

/** Completes a snapshot by the one that its changes go by. */
export function completed(before: Snapshot | null, sent: SentSnapshot): Snapshot {
  const { devices, ...tailnet } = sent.tailnet;
  return {
    ...sent,
    tailnet: { ...tailnet, status: statusAfter(before?.tailnet.status ?? null, sent.tailnet) },
    rounds: withChanges(before?.rounds ?? [], sent.rounds, keys.round),
    judgements: judgementsAfter(before?.judgements ?? new Map(), sent.judgements),
    pastAlerts: withChanges(before?.pastAlerts ?? [], sent.pastAlerts, keys.alert),
  };
}

/** What the entries of the long lists are told apart by. */
export const keys = {
  device: ({ id }: { id: string }) => id,
  round: ({ nodeId }: Connection) => nodeId,
  alert: ({ id }: Alert) => String(id),
};

/** The very same status when nothing in it has changed: what is made of it need not be made again. */
function statusAfter(
  before: TailnetStatus | null,
  { status, devices: changes }: SentSnapshot['tailnet'],
): TailnetStatus | null {
  if (!status) return null;
  const earlier = before?.devices ?? [];
  const devices = withChanges(earlier, changes, keys.device);
  if (before && devices === earlier) {
    const { devices: _, ...rest } = before;
    if (JSON.stringify(rest) === JSON.stringify(status)) return before;
  }
  return { ...status, devices: [...devices] };
}

function judgementsAfter(
  before: ReadonlyMap<string, Judgement>,
  { complete, changed }: SentSnapshot['judgements'],
): ReadonlyMap<string, Judgement> {
  if (!complete && changed.length === 0) return before;
  const after = new Map(complete ? [] : before);
  for (const { id, ...judged } of changed) after.set(id, judged);
  return after;
}
