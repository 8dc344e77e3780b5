import { NO_HOST, OTHER_HOST } from '../domain/access';
import { isAppError } from '../domain/errors';
import { DURATION_BOUNDS_MS, type HitCounters, STATUS_CLASSES } from '../domain/hit-counters';
import type { Services } from '../services';
import { DAY, HOUR } from '../util/time';
import { counter, type Family, gauge, type Value } from './metric-family';
import type { Reached } from './metric-limits';

const WINDOWS = { '1h': HOUR, '24h': DAY } as const;

/** Returns the metrics of accesses, as pages count them; those of hosts only where they are collected. */
export async function accessMetrics(services: Services, reached: Reached): Promise<Family[]> {
  const active = await activeMetrics(services);
  if (!services.own) return active;
  const counters = await services.own.counters.hits();
  if (counters.hosts.some(({ host }) => host === OTHER_HOST)) reached.add('host');
  return [...active, ...hostMetrics(counters)];
}

/** Returns who was active; nothing while the store cannot say. */
async function activeMetrics({ histories, accessLog }: Services): Promise<Family[]> {
  const now = Date.now();
  const filter = { bots: false, nonTailnet: accessLog.countNonTailnet };
  const questions = Object.entries(WINDOWS).map(async ([window, ms]) => ({
    window,
    usage: await histories.accesses.usage({ from: now - ms, to: now }, filter),
  }));
  const answers = await Promise.all(questions).catch((error: unknown) => {
    if (isAppError(error) && error.code === 'store_unavailable') return [];
    throw error;
  });
  return [
    gauge(
      'people_active',
      'Distinct people with an access in the last hour or day',
      answers.map(({ window, usage }) => [{ window }, usage.visitors.people]),
    ),
    gauge(
      'devices_active',
      'Distinct devices with an access in the last hour or day',
      answers.map(({ window, usage }) => [{ window }, usage.uniqueDevices]),
    ),
  ];
}

function hostMetrics({ hosts, leftOut }: HitCounters): Family[] {
  const named = hosts.map((counters) => ({ ...counters, host: counters.host ?? NO_HOST }));
  return [
    counter(
      'hits_total',
      'Accesses, by host and class of their status; what is no access is in observatory_hits_left_out_total',
      named.flatMap(({ host, hits }): Value[] =>
        STATUS_CLASSES.map((status) => [{ host, status_class: status }, hits[status]]),
      ),
    ),
    counter('hits_left_out_total', 'Hits that are no accesses, by reason', [
      [{ reason: 'bot' }, leftOut.bots],
      [{ reason: 'loopback' }, leftOut.loopback],
      [{ reason: 'non_tailnet' }, leftOut.nonTailnet],
    ]),
    counter(
      'response_bytes_total',
      'Bytes of the responses to accesses, by host',
      named.map(({ host, bytes }) => [{ host }, bytes]),
    ),
    {
      name: 'observatory_response_time_seconds',
      help: 'Response times of accesses, by host, where the log says them',
      type: 'histogram',
      bounds: DURATION_BOUNDS_MS.map((ms) => ms / 1_000),
      samples: named.map(({ host, durations, durationMs }) => ({
        labels: { host },
        counts: durations,
        sum: durationMs / 1_000,
      })),
    },
  ];
}
