import type { Hours } from '../domain/hours';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Returns days such as `mon-fri` or `sat,sun` as numbers, 0 is Monday; `null` when they are none. */
export function daysOf(text: string): number[] | null {
  const days = text.toLowerCase().split(',').map(rangeOf);
  return days.includes(null) ? null : [...new Set(days.flatMap((some) => some ?? []))];
}

function rangeOf(text: string): number[] | null {
  const [first = -1, last = first, ...rest] = text.split('-').map((day) => DAYS.indexOf(day));
  if (first < 0 || last < 0 || rest.length > 0) return null;
  const length = ((last - first + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => (first + i) % 7);
}

/** Returns a time of day such as `07:30` in minutes since midnight; `null` when it is none. */
export function minuteOf(text: string): number | null {
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 24 * 60 ? minutes : null;
}

/** Returns hours such as `22:00-07:00` of every day; `null` when they are none. */
export function hoursOf(text: string): Hours | null {
  const [from, to, ...rest] = text.split('-').map(minuteOf);
  if (from == null || to == null || rest.length > 0 || from === 1_440) return null;
  return { days: null, from, to };
}
