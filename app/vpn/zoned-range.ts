import type { TimeZone } from '@/lib/domain/time-zone';

/** A time without a zone, as a form sends it or a person types it. */
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/** Returns parameters in which `from` and `to`, where they name no zone, are times of `zone`. */
export function withZonedRange(params: URLSearchParams, zone: TimeZone): URLSearchParams {
  const zoned = new URLSearchParams(params);
  for (const name of ['from', 'to']) {
    const text = params.get(name) ?? '';
    const wall = LOCAL.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
    if (!Number.isNaN(wall)) zoned.set(name, new Date(zone.instantOf(wall)).toISOString());
  }
  return zoned;
}
