import type { DeviceResponse } from '@/lib/api/schemas';
import { SORT_KEYS, type SortKey } from './device-order';

/** Columns that are left out when no device has a value for them. */
export const HAS_VALUE: Partial<Record<SortKey, (device: DeviceResponse) => boolean>> = {
  user: (device) => device.user !== null,
  class: (device) => device.classification !== 'own',
  os: (device) => device.os !== '',
  via: (device) => via(device) !== null,
  rx: (device) => device.rx_bytes > 0,
  tx: (device) => device.tx_bytes > 0,
  expiry: (device) => device.key_expiry !== null,
};

/** Returns the columns that hold a value for any of these devices. */
export function visibleColumns(devices: readonly DeviceResponse[]): SortKey[] {
  return SORT_KEYS.filter((key) => {
    const hasValue = HAS_VALUE[key];
    return !hasValue || devices.some(hasValue);
  });
}

/** Returns what a device is reached through: a relay, or an address of its own; `null` when neither is in use. */
export function via(device: DeviceResponse): string | null {
  if (device.path === 'relay') return device.relay_region && `DERP ${device.relay_region}`;
  return device.path === 'direct' || device.path === 'peer_relay' ? device.endpoint : null;
}
