import type { DeviceResponse } from '@/lib/api/schemas';
import { formatIso } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import type { CsvTable } from '../_ui/csv';

/** Returns the devices as CSV, in the order shown. */
export function devicesCsv(devices: readonly DeviceResponse[], zone: TimeZone): CsvTable {
  const time = (iso: string | null) => iso && formatIso(Date.parse(iso), zone);
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
      time(device.last_seen),
      time(device.key_expiry),
    ]),
  };
}
