import type { Reading } from '../domain/alert';
import type { Used } from '../domain/quota';
import { say } from '../domain/said';
import type { MessageKey } from '../i18n/messages';
import { connectionReadings } from './connection-rules';
import type { Facts, Fresh } from './facts';
import { modelReadings } from './model-rules';
import { presenceReadings } from './presence-rules';
import { line, NO_DEVICE, text } from './reading';
import { tailnetReadings } from './tailnet-rules';
import { trafficReadings } from './traffic-rules';

/** Applies every rule to what is known now; what is unknown gives no reading. Pure. */
export function readings(facts: Facts, fresh: Fresh): Reading[] {
  return [
    ...connectionReadings(facts, fresh),
    ...presenceReadings(facts),
    ...tailnetReadings(facts),
    ...jobReadings(facts, fresh),
    ...quotaReading(facts),
    ...trafficReadings(facts),
    ...modelReadings(facts),
  ];
}

function jobReadings({ jobs, own }: Facts, fresh: Fresh): Reading[] {
  // Jobs that need the tailnet fail for that reason then, which has an alert of its own, or do nothing and succeed.
  const isOut = own !== null && own.state !== 'ok';
  return jobs
    .filter(({ name, needsTailnet }) => fresh.jobs.has(name) && !(isOut && needsTailnet))
    .map(({ name, lastError }) => ({
      ...NO_DEVICE,
      rule: 'collector_failing',
      topic: `collector_${name}`,
      state: lastError === null ? 'good' : 'bad',
      severity: 'warning',
      texts: () => ({
        title: say('alertTexts.jobFailing', { job: name }),
        evidence: lastError === null ? [] : [line('alertTexts.error', lastError)],
      }),
      raiseRounds: 3,
      raiseAfterMs: 0,
      clearRounds: 1,
    }));
}

function quotaReading({ quota }: Facts): Reading[] {
  if (!quota) return [];
  const { plan, users, externalUsers, devices, status } = quota;
  const over = status === 'over';
  const kinds: [MessageKey, Used][] = [
    ['alertTexts.users', users],
    ['alertTexts.externalUsers', externalUsers],
    ['alertTexts.devices', devices],
  ];
  return [
    {
      ...NO_DEVICE,
      rule: 'quota_near',
      topic: 'quota',
      state: status === 'ok' ? 'good' : 'bad',
      severity: over ? 'warning' : 'info',
      texts: () => ({
        title: say(over ? 'alertTexts.quotaOver' : 'alertTexts.quotaNear', { plan: plan.name }),
        evidence: kinds.flatMap(([label, { used, limit }]) => {
          if (limit === null) return [];
          const values = { used: { count: used }, limit: { count: limit } };
          return [line(label, text('alertTexts.used', values))];
        }),
      }),
      raiseRounds: 2,
      raiseAfterMs: 0,
      clearRounds: 2,
    },
  ];
}
