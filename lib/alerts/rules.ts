import type { Reading } from '../domain/alert';
import { formatCount } from '../domain/format';
import type { Used } from '../domain/quota';
import { connectionReadings } from './connection-rules';
import type { Facts, Fresh } from './facts';
import { modelReadings } from './model-rules';
import { presenceReadings } from './presence-rules';
import { NO_DEVICE } from './reading';
import { tailnetReadings } from './tailnet-rules';

/** Applies every rule to what is known now; what is unknown gives no reading. Pure. */
export function readings(facts: Facts, fresh: Fresh): Reading[] {
  return [
    ...connectionReadings(facts, fresh),
    ...presenceReadings(facts),
    ...tailnetReadings(facts),
    ...jobReadings(facts, fresh),
    ...quotaReading(facts),
    ...modelReadings(facts),
  ];
}

function jobReadings({ jobs, own }: Facts, fresh: Fresh): Reading[] {
  // While tailscaled does not answer, the jobs that query it fail for that reason, which has an alert of its own.
  const explained = own?.state === 'unreachable';
  return jobs
    .filter(({ name, lastError }) => fresh.jobs.has(name) && !(explained && lastError !== null))
    .map(({ name, lastError }) => ({
      ...NO_DEVICE,
      rule: 'collector_failing',
      topic: `collector_${name}`,
      state: lastError === null ? 'good' : 'bad',
      severity: 'warning',
      title: `The job ${name} keeps failing`,
      evidence: lastError === null ? [] : [{ label: 'Error', value: lastError }],
      raiseRounds: 3,
      raiseAfterMs: 0,
      clearRounds: 1,
    }));
}

function quotaReading({ quota }: Facts): Reading[] {
  if (!quota) return [];
  const { plan, users, externalUsers, devices, status } = quota;
  const over = status === 'over';
  const kinds: [string, Used][] = [
    ['Users', users],
    ['External users', externalUsers],
    ['Devices', devices],
  ];
  return [
    {
      ...NO_DEVICE,
      rule: 'quota_near',
      topic: 'quota',
      state: status === 'ok' ? 'good' : 'bad',
      severity: over ? 'warning' : 'info',
      title: `The tailnet is ${over ? 'over' : 'near'} a limit of its plan (${plan.name})`,
      evidence: kinds.flatMap(([label, { used, limit }]) =>
        limit === null ? [] : [{ label, value: `${formatCount(used)} of ${formatCount(limit)}` }],
      ),
      raiseRounds: 2,
      raiseAfterMs: 0,
      clearRounds: 2,
    },
  ];
}
