import * as z from 'zod';
import type { Alert, Mute } from '../domain/alert';
import { alertFields } from '../domain/alert-fields';
import type { Shown } from '../domain/collector-id';
import { NotFound } from '../domain/errors';
import { isMuted } from '../domain/mute';
import { inWords, say, spoken } from '../domain/said';
import { t } from '../i18n/t';
import type { CollectorServices, Services } from '../services';
import { MINUTE } from '../util/time';
import type { AlertResponse, AlertsResponse, MuteResponse } from './health-schemas';
import { isoTime, isoTimeOrNull } from './wire';

const HISTORY = 100;
const REPEATED_WITHIN_MS = 10_000;

const minutesFault = () => t('faults.fromTo', { min: '1', max: '43200' });

export const muteBody = z.strictObject({
  topic: z.string().min(1).max(300).nullable().default(null),
  node_id: z.string().min(1).max(100).nullable().default(null),
  minutes: z
    .int({ error: () => t('faults.wholeNumber') })
    .min(1, { error: minutesFault })
    .max(43_200, { error: minutesFault }),
  reason: z
    .string()
    .max(300, { error: () => t('faults.longest', { max: 300 }) })
    .default(''),
});
export const testResultSchema = z.object({
  channels: z.array(
    z.object({ name: z.string(), sent: z.boolean(), error: z.string().nullable() }),
  ),
});
export type TestResult = z.infer<typeof testResultSchema>;

/** Returns everything about alerts: open ones, past ones, mutes, and the channels. */
export async function alerts({ alerts: engine, tailnet }: Services): Promise<AlertsResponse> {
  const devices = tailnet.view().status?.devices ?? [];
  const expiries = new Map(devices.map(({ id, keyExpiry }) => [id, keyExpiry]));
  const mutes = await engine.mutes();
  const now = Date.now();
  const wire = (alert: Shown<Alert>) => alertResponse(alert, mutes, now);
  const channels = engine.channels().map(async ({ name, state }) => ({ name, ...(await state()) }));
  return {
    open: (await engine.open()).map((alert) => {
      const dueAt = alert.rule === 'key_expiring' ? expiries.get(alert.nodeId ?? '') : null;
      return { ...wire(alert), due_at: isoTimeOrNull(dueAt ?? null) };
    }),
    history: (await engine.history(HISTORY)).alerts.map(wire),
    mutes: mutes.map(muteResponse),
    channels: (await Promise.all(channels)).map(({ name, waiting, ...of }) => ({
      name,
      waiting,
      last_error: inWords(of.lastError, of.lastErrorSaid),
    })),
  };
}

/** Marks a firing alert as seen. Throws `NotFound`. */
export async function acknowledge(
  { own, alerts: engine }: CollectorServices,
  id: number,
  by: string,
): Promise<AlertResponse> {
  const alert = await own.alerts.acknowledge(id, by);
  if (!alert) throw new NotFound(say('problems.noFiringAlert', { id }));
  return alertResponse(alert, await engine.mutes(), Date.now());
}

/** Takes back that an alert was seen. Throws `NotFound`. */
export async function unacknowledge(
  { own, alerts: engine }: CollectorServices,
  id: number,
): Promise<AlertResponse> {
  const alert = await own.alerts.unacknowledge(id);
  if (!alert) throw new NotFound(say('problems.notAcknowledged', { id }));
  return alertResponse(alert, await engine.mutes(), Date.now());
}

/**
 * Mutes messages about a topic, a device, or everything, for `minutes`. An identical mute made a moment ago is returned
 * instead of a second one: the caller repeats it because the first answer was lost.
 */
export async function mute(
  { own, alerts: engine }: CollectorServices,
  { topic, node_id, minutes, reason }: z.output<typeof muteBody>,
  by: string,
): Promise<MuteResponse> {
  const from = Date.now();
  const made = { topic, nodeId: node_id, from, until: from + minutes * MINUTE, reason, by };
  const same = (await engine.mutes()).find((other) => isRepeated(made, other));
  return muteResponse(same ?? (await own.alerts.mute(made)));
}

function isRepeated(mute: Omit<Mute, 'id'>, other: Mute): boolean {
  const near = (key: 'from' | 'until') => Math.abs(mute[key] - other[key]) < REPEATED_WITHIN_MS;
  const same = (key: 'topic' | 'nodeId' | 'reason' | 'by') => mute[key] === other[key];
  return (
    near('from') && near('until') && (['topic', 'nodeId', 'reason', 'by'] as const).every(same)
  );
}

/** Ends a mute. Throws `NotFound`. */
export async function unmute({ own }: CollectorServices, id: number): Promise<void> {
  if (!(await own.alerts.unmute(id))) throw new NotFound(say('problems.noMute', { id }));
}

/** Sends a test message on every channel and returns the outcome of each. */
export async function testAlerts({ own }: CollectorServices): Promise<TestResult> {
  const results = await own.alerts.sendTests();
  return {
    channels: results.map(({ name, delivery }) => {
      const error = delivery.state === 'sent' ? null : spoken(delivery.error);
      return { name, sent: error === null, error };
    }),
  };
}

export function alertResponse(
  alert: Shown<Alert>,
  mutes: readonly Shown<Mute>[],
  now: number,
): AlertResponse {
  return {
    ...alertFields(alert),
    acknowledged_at: isoTimeOrNull(alert.acknowledgedAt),
    acknowledged_by: alert.acknowledgedBy,
    muted: isMuted(alert, mutes, now),
  };
}

function muteResponse({ id, topic, nodeId, from, until, reason, by }: Shown<Mute>): MuteResponse {
  return { id, topic, node_id: nodeId, from: isoTime(from), until: isoTime(until), reason, by };
}
