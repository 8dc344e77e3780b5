'use client';

import { formatInstant, formatRelative } from '@/lib/domain/format';
import { useClock, useHydrated } from './clock';

/** A moment as `3 min ago`; the exact time, in UTC and the browser's own zone, on hover. `iso` is ISO 8601. */
export function RelativeTime({ iso }: { iso: string }) {
  const time = Date.parse(iso);
  const text = useClock((now) => formatRelative(time, now));
  const hydrated = useHydrated();
  const exact = formatInstant(time);
  return (
    <time
      dateTime={iso}
      title={hydrated ? `${exact}\n${new Date(time).toLocaleString()} local time` : exact}
    >
      {text}
    </time>
  );
}
