import type { Device } from './device';
import type { TimeZone } from './time-zone';
import { type Bytes, bytesOf, NO_BYTES, plus } from './traffic';

/** How many bytes may travel in a calendar month; `null`: any number. */
export type TrafficBudget = {
  /** Between our own device and all others together. */
  all: number | null;
  /** Of each device that has none of its own. */
  each: number | null;
  /** Of single devices, by any of their names, addresses or ids, in lower case. */
  devices: Readonly<Record<string, number>>;
};

export const NO_BUDGET: TrafficBudget = { all: null, each: null, devices: {} };

export const hasBudget = ({ all, each, devices }: TrafficBudget): boolean =>
  all !== null || each !== null || Object.keys(devices).length > 0;

/** A budget and how much of it is used. `device`: `null` when it is of all together. */
export type BudgetUse = {
  device: { id: string; name: string } | null;
  limit: number;
  used: Bytes;
};

/** Returns when the month that a time lies in began in a zone, and when the next does; with how many before. */
export function monthOf(time: number, zone: TimeZone, before = 0): { from: number; to: number } {
  const local = new Date(time + zone.offsetAt(time));
  const first = (months: number) =>
    zone.instantOf(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, 1));
  return { from: first(-before), to: first(1 - before) };
}

type Budgeted = Pick<Device, 'id' | 'name' | 'hostname' | 'dnsName' | 'addresses'>;

/** Returns the budget of a device; `null` when it has none. */
function limitOf(
  { each, devices }: TrafficBudget,
  { id, name, hostname, dnsName, addresses }: Budgeted,
): number | null {
  for (const one of [id, ...addresses, dnsName, name, hostname]) {
    const limit = devices[one.toLowerCase()];
    if (limit !== undefined) return limit;
  }
  return each;
}

/** Returns how much of each budget is used, that of all together first. `used`: by device id, of this month. */
export function budgetUses(
  budget: TrafficBudget,
  devices: readonly (Budgeted & Pick<Device, 'self'>)[],
  used: ReadonlyMap<string, Bytes>,
): BudgetUse[] {
  const all = [...used.values()].reduce(plus, NO_BYTES);
  const ofAll = budget.all === null ? [] : [{ device: null, limit: budget.all, used: all }];
  const ofDevices = devices
    .filter(({ self }) => !self)
    .flatMap((device): BudgetUse[] => {
      const limit = limitOf(budget, device);
      const { id, name } = device;
      if (limit === null) return [];
      return [{ device: { id, name }, limit, used: used.get(id) ?? NO_BYTES }];
    });
  return [...ofAll, ...ofDevices];
}

export const isUsedUp = ({ limit, used }: BudgetUse): boolean => bytesOf(used) >= limit;
