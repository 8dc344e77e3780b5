import type { Device } from './device';
import { TAGGED_DEVICES } from './visitor';

/** `null`: unlimited. */
type QuotaLimits = {
  users: number | null;
  externalUsers: number | null;
  devices: number | null;
};
export type QuotaPlan = { name: string; checkedOn: string; limits: QuotaLimits };

/**
 * The limits of Tailscale's plans, as far as we could check. They change, so each says when it was checked, and
 * `QUOTA_USERS`, `QUOTA_EXTERNAL_USERS` and `QUOTA_DEVICES` override it.
 */
export const QUOTA_PLANS = {
  /** Copied from the pricing page of 2026-09-20. */
  personal: {
    name: 'Personal',
    checkedOn: '2026-09-20',
    limits: { users: 6, externalUsers: null, devices: null },
  },
  /** The free tier that the first design counted against. */
  'free-2025': {
    name: 'Free tier (2025)',
    checkedOn: '2025-10-21',
    limits: { users: 3, externalUsers: 3, devices: 100 },
  },
  unlimited: {
    name: 'No limits',
    checkedOn: '2026-11-24',
    limits: { users: null, externalUsers: null, devices: null },
  },
} as const satisfies Record<string, QuotaPlan>;

export type Used = { used: number; limit: number | null };
export type QuotaStatus = {
  plan: { name: string; checkedOn: string };
  users: Used;
  externalUsers: Used;
  devices: Used;
  /** `near`: 80 % of a limit or more; `over`: past one. */
  status: 'ok' | 'near' | 'over';
};

const isTagged = ({ tags, user }: Device) => tags.length > 0 || user?.login === TAGGED_DEVICES;

/**
 * Counts a tailnet against a plan: users are the owners of own, untagged devices; external users those of devices that
 * can reach ours from another tailnet; devices our own ones.
 */
export function quotaStatus(devices: readonly Device[], plan: QuotaPlan): QuotaStatus {
  const owners = (of: (device: Device) => boolean) =>
    new Set(devices.filter(of).flatMap((device) => device.user?.id ?? [])).size;
  const { limits } = plan;
  const own = (device: Device) => device.classification === 'own';
  const users = {
    used: owners((device) => own(device) && !isTagged(device)),
    limit: limits.users,
  };
  const externalUsers = {
    used: owners((device) => device.classification === 'external'),
    limit: limits.externalUsers,
  };
  const ours = { used: devices.filter(own).length, limit: limits.devices };
  const all = [users, externalUsers, ours];
  const over = all.some(({ used, limit }) => limit !== null && used > limit);
  const near = all.some(({ used, limit }) => limit !== null && used >= limit * 0.8);
  return {
    plan: { name: plan.name, checkedOn: plan.checkedOn },
    users,
    externalUsers,
    devices: ours,
    status: over ? 'over' : near ? 'near' : 'ok',
  };
}
