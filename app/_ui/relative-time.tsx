'use client';

import { formatBucket, formatInstant, formatRelative } from '@/lib/domain/format';
import { HOUR, MINUTE } from '@/lib/util/time';
import { useClock } from './clock';
import { useZone } from './zone';

/** A moment as `3 min ago`; the exact time on hover. `iso` is ISO 8601. */
export function RelativeTime({ iso }: { iso: string }) {
  const time = Date.parse(iso);
  const text = useClock((now) => formatRelative(time, now));
  return (
    <time dateTime={iso} title={formatInstant(time, useZone())}>
      {text}
    </time>
  );
}

/**
 * A moment in a list: `3 min ago` within the hour, then what the clock showed, `14:05`, with the day when it is another.
 */
export function ListedTime({ iso }: { iso: string }) {
  const time = Date.parse(iso);
  const zone = useZone();
  const text = useClock((now) => {
    if (Math.abs(now - time) < HOUR) return formatRelative(time, now);
    const isToday = zone.dayOf(now) === zone.dayOf(time);
    return formatBucket(time, MINUTE, !isToday, now, zone);
  });
  return (
    <time dateTime={iso} title={formatInstant(time, zone)}>
      {text}
    </time>
  );
}
