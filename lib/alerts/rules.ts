import type { Reading } from '../domain/alert';
import type { Device } from '../domain/device';
import { formatCount, formatDuration, formatInstant } from '../domain/format';
import type { Used } from '../domain/quota';
import { connectionReadings } from './connection-rules';
import type { Facts, Fresh } from './facts';
import { modelReadings } from './model-rules';

const DAY = 86_400_000;
const KEY_WARNING_MS = 7 * DAY;
/** A key that expired longer ago than this belongs to a machine nobody misses. */
const KEY_FORGOTTEN_MS = 30 * DAY;
const TAILSCALED_AFTER_MS = 60_000;
const ONE_GOOD = { raiseRounds: 1, raiseAfterMs: 0, clearRounds: 1 };
const NO_NODE = { nodeId: null, hostname: null };

/** Every rule over what is known now; what is not known gives no reading. Pure. */
export function readings(facts: Facts, fresh: Fresh): Reading[] {
  return [
    ...connectionReadings(facts, fresh),
    ...(facts.devices ?? []).flatMap((device) => keyReading(device, facts.now)),
    ...tailscaledReading(facts),
    ...jobReadings(facts, fresh),
    ...quotaReading(facts),
    ...modelReadings(facts.models),
  ];
}

function keyReading(device: Device, now: number): Reading[] {
  if (device.classification !== 'own') return [];
  const { id, hostname, dnsName, keyExpiry } = device;
  const expired = device.expired || (keyExpiry !== null && keyExpiry <= now);
  const expiring = keyExpiry !== null && keyExpiry - now <= KEY_WARNING_MS;
  const forgotten = expired && keyExpiry !== null && now - keyExpiry > KEY_FORGOTTEN_MS;
  const when = keyExpiry === null ? 'not known' : formatInstant(keyExpiry);
  return [
    {
      ...ONE_GOOD,
      rule: 'key_expiring',
      // Host names repeat among phones; the first label of the DNS name does not.
      topic: `key_expiring_${dnsName.split('.')[0] || hostname}`,
      nodeId: id,
      hostname,
      state: forgotten ? 'between' : expired || expiring ? 'bad' : 'good',
      severity: expired ? 'critical' : 'warning',
      title: expired
        ? `The key of ${hostname} has expired`
        : `The key of ${hostname} expires in ${formatDuration((keyExpiry ?? now) - now)}`,
      evidence: [{ label: 'Key expiry', value: keyExpiry === null && !expired ? 'never' : when }],
    },
  ];
}

function tailscaledReading({ tailscaled }: Facts): Reading[] {
  if (!tailscaled) return [];
  const { problem } = tailscaled;
  return [
    {
      ...NO_NODE,
      rule: 'tailscaled_unreachable',
      topic: 'tailscaled',
      state: problem === null ? 'good' : 'bad',
      severity: 'critical',
      title: 'tailscaled does not answer',
      evidence: problem === null ? [] : [{ label: 'Problem', value: problem }],
      raiseRounds: 1,
      raiseAfterMs: TAILSCALED_AFTER_MS,
      clearRounds: 1,
    },
  ];
}

function jobReadings({ jobs, tailscaled }: Facts, fresh: Fresh): Reading[] {
  // While tailscaled does not answer, the jobs that ask it fail for that reason, which has an alert of its own.
  const explained = tailscaled !== null && tailscaled.problem !== null;
  return jobs
    .filter(({ name, lastError }) => fresh.jobs.has(name) && !(explained && lastError !== null))
    .map(({ name, lastError }) => ({
      ...NO_NODE,
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
      ...NO_NODE,
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
