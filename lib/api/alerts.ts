import { z } from 'zod';
import type { Alert, Mute } from '../domain/alert';
import { alertFields } from '../domain/alert-fields';
import { NotFound } from '../domain/errors';
import { isMuted } from '../domain/mute';
import type { Services } from '../services';
import { MINUTE } from '../util/time';
import type { AlertResponse, AlertsResponse, MuteResponse } from './health-schemas';
import { isoTime, isoTimeOrNull } from './wire';

const HISTORY = 100;

export const muteBody = z.strictObject({
  topic: z.string().min(1).max(300).nullable().default(null),
  node_id: z.string().min(1).max(100).nullable().default(null),
  minutes: z
    .int('must be a whole number')
    .min(1, 'must be from 1 to 43200')
    .max(43_200, 'must be from 1 to 43200'),
  reason: z.string().max(300, 'must have at most 300 characters').default(''),
});
export const testResultSchema = z.object({
  channels: z.array(
    z.object({ name: z.string(), sent: z.boolean(), error: z.string().nullable() }),
  ),
});

/** Everything about alerts: open, past, muted, and where messages go. */
export async function alerts({ alerts: engine }: Services): Promise<AlertsResponse> {
  const mutes = await engine.mutes();
  const now = Date.now();
  const wire = (alert: Alert) => alertResponse(alert, mutes, now);
  const channels = engine.channels().map(async ({ name, state }) => ({ name, ...(await state()) }));
  return {
    open: (await engine.open()).map(wire),
    history: (await engine.history(HISTORY)).alerts.map(wire),
    mutes: mutes.map(muteResponse),
    channels: (await Promise.all(channels)).map(({ name, waiting, lastError }) => ({
      name,
      waiting,
      last_error: lastError,
    })),
  };
}

/** Notes that somebody has seen a firing alert. Throws `NotFound`. */
export async function acknowledge(
  { alerts: engine }: Services,
  id: number,
  by: string,
): Promise<AlertResponse> {
  const alert = await engine.acknowledge(id, by);
  if (!alert) throw new NotFound(`No firing alert has the number ${id}`);
  return alertResponse(alert, await engine.mutes(), Date.now());
}

/** No messages about a topic, a node, or anything at all, for so many minutes. */
export async function mute(
  { alerts: engine }: Services,
  { topic, node_id, minutes, reason }: z.output<typeof muteBody>,
  by: string,
): Promise<MuteResponse> {
  const until = Date.now() + minutes * MINUTE;
  return muteResponse(await engine.mute({ topic, nodeId: node_id, until, reason, by }));
}

/** Ends a mute. Throws `NotFound`. */
export async function unmute({ alerts: engine }: Services, id: number): Promise<void> {
  if (!(await engine.unmute(id))) throw new NotFound(`No mute has the number ${id}`);
}

/** Sends a test message on every channel and says how each went. */
export async function testAlerts({
  alerts: engine,
}: Services): Promise<z.infer<typeof testResultSchema>> {
  const results = engine.channels().map(async ({ name, sendTest }) => {
    const delivery = await sendTest();
    const error = delivery.state === 'sent' ? null : delivery.error;
    return { name, sent: error === null, error };
  });
  return { channels: await Promise.all(results) };
}

export function alertResponse(alert: Alert, mutes: readonly Mute[], now: number): AlertResponse {
  return {
    ...alertFields(alert),
    acknowledged_at: isoTimeOrNull(alert.acknowledgedAt),
    acknowledged_by: alert.acknowledgedBy,
    muted: isMuted(alert, mutes, now),
  };
}

function muteResponse({ id, topic, nodeId, from, until, reason, by }: Mute): MuteResponse {
  return { id, topic, node_id: nodeId, from: isoTime(from), until: isoTime(until), reason, by };
}
