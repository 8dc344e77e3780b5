import { cookies } from 'next/headers';
import { serviceTimeZone } from '@/lib/api/time-zone';
import { isTimeZone } from '@/lib/domain/time-zone';
import { ZONE_COOKIE } from './zone-cookie';

/** Returns the time zone that the reader has chosen, else the service's; both by their IANA names. */
export async function readerZone(): Promise<{ name: string; service: string }> {
  const service = serviceTimeZone();
  const chosen = (await cookies()).get(ZONE_COOKIE)?.value;
  return { name: chosen && isTimeZone(chosen) ? chosen : service, service };
}
