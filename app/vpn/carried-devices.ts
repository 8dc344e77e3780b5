import type { DeviceResponse } from '@/lib/api/schemas';
import { HAS_VALUE } from './device-columns';
import { type DeviceListView, NO_FILTERS } from './device-list-view';
import { keyEndsSoon, keyHasExpired, sortDevices } from './device-order';

/** More than the list shows at first. */
const FIRST = 20;

/**
 * Returns the devices that the dashboard needs for its first paint: the first of its list, those whose keys it warns of,
 * and one for each column that any device has a value for. The browser fetches the rest. `now` in epoch milliseconds.
 */
export function carriedDevices(
  devices: DeviceResponse[],
  list: DeviceListView,
  now: number,
  firing: ReadonlySet<string>,
): DeviceResponse[] {
  if (list.all || list.filters !== NO_FILTERS || devices.length <= FIRST) return devices;
  const first = sortDevices(devices, list.sort, now, firing).slice(0, FIRST);
  const warned = devices.filter((device) => keyEndsSoon(device, now) || keyHasExpired(device, now));
  const ofColumns = Object.values(HAS_VALUE).flatMap((hasValue) => devices.find(hasValue) ?? []);
  return [...new Set([...first, ...warned, ...ofColumns])];
}
