import type { DeviceResponse } from '@/lib/api/schemas';
import type { CsvTable } from '../_ui/csv';

/** Returns the devices as CSV, in the order shown. */
export function devicesCsv(devices: readonly DeviceResponse[]): CsvTable {
  return {
    name: 'devices',
    header: [
      'name',
      'dns_name',
      'addresses',
      'user',
      'class',
      'tags',
      'os',
      'online',
      'path',
      'relay_region',
      'endpoint',
      'rx_bytes',
      'tx_bytes',
      'last_seen',
      'key_expiry',
    ],
    rows: devices.map((device) => [
      device.hostname,
      device.dns_name,
      device.addresses.join(' '),
      device.user?.login ?? null,
      device.classification,
      device.tags.join(' '),
      device.os,
      String(device.online),
      device.path,
      device.relay_region,
      device.endpoint,
      device.rx_bytes,
      device.tx_bytes,
      device.last_seen,
      device.key_expiry,
    ]),
  };
}
