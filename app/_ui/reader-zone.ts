import { cookies } from 'next/headers';
import { serviceTimeZone } from '@/lib/api/time-zone';
import { isTimeZone, type TimeZone, zoneNamed } from '@/lib/domain/time-zone';
import { ZONE_COOKIE } from './zone-cookie';

/** Returns the IANA names of the time zone that the reader has chosen, else the service's, and of the service's. */
export async function zoneNames(): Promise<{ name: string; service: string }> {
  const service = serviceTimeZone();
  const chosen = (await cookies()).get(ZONE_COOKIE)?.value;
  return { name: chosen && isTimeZone(chosen) ? chosen : service, service };
}

/** Returns the time zone that the reader has chosen, else the service's. */
export async function readerZone(): Promise<TimeZone> {
  return zoneNamed((await zoneNames()).name);
}
