import { HOUR, MINUTE, SECOND } from '../util/time';

/** One field of a cron expression: the values it allows. */
type Field = ReadonlySet<number>;

/** A parsed cron expression: `second minute hour day-of-month month day-of-week`; five fields begin with the minute. */
export type Schedule = {
  seconds: Field;
  minutes: Field;
  hours: Field;
  days: Field;
  months: Field;
  weekdays: Field;
  /** When both days are given, either may match: cron's own rule. */
  eitherDay: boolean;
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** The rarest day comes once in four years. */
const MOST_DAYS = 366 * 5;

/** Parses a cron expression of five or six fields. Throws `RangeError` when it is invalid. */
export function parseSchedule(expression: string): Schedule {
  const parts = expression.trim().split(/\s+/);
  const fields = parts.length === 5 ? ['0', ...parts] : parts;
  const [second, minute, hour, day, month, weekday] = fields;
  if (fields.length !== 6 || !second || !minute || !hour || !day || !month || !weekday) {
    throw new RangeError('a cron expression has five or six fields');
  }
  const weekdays = new Set([...fieldOf(weekday, 0, 7, WEEKDAYS)].map((n) => n % 7));
  return {
    seconds: fieldOf(second, 0, 59),
    minutes: fieldOf(minute, 0, 59),
    hours: fieldOf(hour, 0, 23),
    days: fieldOf(day, 1, 31),
    months: fieldOf(month, 1, 12, MONTHS),
    weekdays,
    eitherDay: !/^[*?]/.test(day) && !/^[*?]/.test(weekday),
  };
}

/** Whether a text is a cron expression. */
export function isSchedule(expression: string): boolean {
  try {
    parseSchedule(expression);
    return true;
  } catch {
    return false;
  }
}

/** `*`, `5`, `1-5`, `*`/`10`, `1-30/5`, `mon`, and lists of these. */
function fieldOf(text: string, min: number, max: number, names: readonly string[] = []): Field {
  const values = new Set<number>();
  for (const entry of text.toLowerCase().split(',')) {
    const match = /^(\*|\?|[a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?(?:\/(\d{1,2}))?$/.exec(entry);
    if (!match) throw new RangeError(`${entry} is not part of a cron expression`);
    const [, from = '', to, step] = match;
    const isAny = from === '*' || from === '?';
    const numberOf = (word: string) => {
      const index = names.indexOf(word);
      return index >= 0 ? index + (min === 1 ? 1 : 0) : Number(word);
    };
    const first = isAny ? min : numberOf(from);
    const last = to !== undefined ? numberOf(to) : isAny || step !== undefined ? max : first;
    const every = step === undefined ? 1 : Number(step);
    const isFit = first >= min && last <= max && first <= last && every > 0;
    if (!isFit) throw new RangeError(`${entry} is out of range`);
    for (let value = first; value <= last; value += every) values.add(value);
  }
  return values;
}

/**
 * Returns the first moment after `now` that a schedule names, in local time; `null` when there is none. Epoch
 * milliseconds.
 */
export function nextTime(schedule: Schedule, now: number): number | null {
  const time = new Date(now);
  time.setMilliseconds(0);
  time.setSeconds(time.getSeconds() + 1);
  for (let day = 0; day < MOST_DAYS; day++) {
    if (fitsDay(schedule, time)) {
      const next = nextWithinDay(schedule, time);
      if (next !== null) return next;
    }
    time.setDate(time.getDate() + 1);
    time.setHours(0, 0, 0, 0);
  }
  return null;
}

function fitsDay({ days, months, weekdays, eitherDay }: Schedule, time: Date): boolean {
  if (!months.has(time.getMonth() + 1)) return false;
  const [day, weekday] = [days.has(time.getDate()), weekdays.has(time.getDay())];
  return eitherDay ? day || weekday : day && weekday;
}

function nextWithinDay({ hours, minutes, seconds }: Schedule, from: Date): number | null {
  const time = new Date(from);
  const today = time.getDate();
  while (time.getDate() === today) {
    if (!hours.has(time.getHours())) time.setHours(time.getHours() + 1, 0, 0);
    else if (!minutes.has(time.getMinutes())) time.setMinutes(time.getMinutes() + 1, 0);
    else if (!seconds.has(time.getSeconds())) time.setSeconds(time.getSeconds() + 1);
    else return time.getTime();
  }
  return null;
}

/** Returns the cron expression of an interval that divides an hour or is half a minute. */
export function everyInterval(ms: number): string {
  if (ms < MINUTE) return `*/${ms / SECOND} * * * * *`;
  return ms < HOUR ? `0 */${ms / MINUTE} * * * *` : '0 0 * * * *';
}
