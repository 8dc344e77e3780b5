import { type AnsibleInventory, ansibleInventory } from '../domain/ansible';
import { isOnline } from '../domain/judgement';
import type { Services } from '../services';
import { csvRow, withoutFormula } from '../util/csv';
import { knownDevice } from './devices';
import type { AnsibleQuery, ChangesQuery, ChangesResponse } from './inventory-schemas';
import { lastStatus } from './last-status';
import { rangeOf } from './query';
import type { DevicesResponse } from './schemas';
import { isoTime } from './wire';

const MONTH_HOURS = 30 * 24;

/** Returns what has changed of devices, by default in the last 30 days. */
export async function inventoryChanges(
  services: Services,
  query: ChangesQuery,
): Promise<ChangesResponse> {
  const range = rangeOf(query, MONTH_HOURS, Date.now());
  const device = query.device === undefined ? null : await knownDevice(services, query.device);
  const found = await services.histories.inventory.inventoryChanges(
    range,
    device?.id ?? null,
    query.limit,
  );
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    changes: found.map(({ time, nodeId, ...change }) => ({
      ...{ time: isoTime(time), device_id: nodeId },
      ...change,
    })),
  };
}

/** Returns the changes as CSV. */
export function changesCsv({ changes }: ChangesResponse): string {
  const rows = changes.map(({ time, device_id, hostname, field, before, after }) =>
    csvRow([time, ...[device_id, hostname, field, before, after].map(withoutFormula)]),
  );
  return [csvRow(['time', 'device_id', 'hostname', 'field', 'before', 'after']), ...rows].join('');
}

/** Returns the tailnet's own devices as an inventory for Ansible. */
export async function ansible(services: Services, query: AnsibleQuery): Promise<AnsibleInventory> {
  const { devices } = lastStatus(services).status;
  const tag = query.tag?.replace(/^tag:/, '');
  const chosen = devices.filter(
    ({ os, tags }) =>
      (query.os === undefined || os.toLowerCase() === query.os.toLowerCase()) &&
      (tag === undefined || tags.includes(`tag:${tag}`)),
  );
  return ansibleInventory(
    chosen.map((device) => ({
      ...device,
      owner: device.tags.length > 0 ? null : (device.user?.login ?? null),
      version: device.inventory?.facts.version ?? null,
      online: isOnline(services.connections.judge(device)),
    })),
  );
}

const DEVICE_COLUMNS = [
  ...['id', 'hostname', 'dns_name', 'addresses', 'user', 'tags', 'os', 'classification', 'online'],
  ...['last_seen', 'key_expiry', 'expired', 'exit_node', 'exit_node_in_use', 'subnet_routes'],
  ...['created', 'first_seen', 'version', 'os_version', 'distro', 'distro_version', 'arch'],
  ...['container', 'key', 'routes_offered', 'exit_node_offered', 'services', 'home_region', 'nat'],
] as const;

/** Returns the devices as CSV, with what the inventory knows; lists are separated by spaces, unknown is empty. */
export function devicesCsv({ devices }: DevicesResponse): string {
  const rows = devices.map(({ inventory, user, ...device }) => {
    const values: Readonly<Record<string, unknown>> = {
      ...device,
      ...inventory,
      user: user?.login,
    };
    return csvRow(DEVICE_COLUMNS.map((column) => csvText(values[column])));
  });
  return [csvRow([...DEVICE_COLUMNS]), ...rows].join('');
}

function csvText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return withoutFormula(Array.isArray(value) ? value.join(' ') : String(value));
}
