'use client';

import { formatBucket, formatClock, formatInstant } from '@/lib/domain/format';
import { MINUTE } from '@/lib/util/time';
import { useClock } from '../../_ui/clock';
import { useZone } from '../../_ui/zone';

/** What the page's clocks showed, to the second, with the day when it is not today's. */
export function ClockTime({ iso }: { iso: string }) {
  const time = Date.parse(iso);
  const zone = useZone();
  const seconds = formatClock(time, zone).slice(-8);
  const text = useClock((now) => {
    if (zone.dayOf(now) === zone.dayOf(time)) return seconds;
    const minutes = formatBucket(time, MINUTE, true, now, zone);
    return `${minutes.slice(0, -5)}${seconds}`;
  });
  return (
    <time dateTime={iso} title={formatInstant(time, zone)}>
      {text}
    </time>
  );
}
