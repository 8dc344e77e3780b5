import { DAY, HOUR } from '../util/time';

/** How far two clocks are ever apart: a change of date included, as Samoa made in 2011. */
const FAR = 26 * HOUR;

/** Those in use, which are few: to make one takes a while. */
const zones = new Map<string, TimeZone>();
const MOST_ZONES = 20;

/** Returns whether the IANA database has a time zone of that name. */
export function isTimeZone(name: string): boolean {
  if (zones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Returns the time zone that the system has; UTC where it has none that is known. */
export function systemTimeZone(): string {
  const name: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name !== undefined && isTimeZone(name) ? name : 'UTC';
}

/**
 * A time zone. Its days are numbered as their dates would be in UTC: day 0 is 1970-01-01. A day begins with its first
 * instant and ends where the next begins: after 23 or 25 hours where clocks change, and at once where a date was left out.
 */
export class TimeZone {
  /** `null` for UTC, which needs no look-up. */
  private readonly format: Intl.DateTimeFormat | null;
  private readonly offsets = new Map<number, number>();
  /** By the time that local clocks show: when they show it. */
  private readonly instants = new Map<number, number>();

  /** Throws `RangeError` when there is no such zone. */
  constructor(readonly name: string) {
    this.format = name === 'UTC' ? null : clockOf(name);
  }

  /** Returns how far local clocks are ahead of UTC at a time; milliseconds. */
  offsetAt(time: number): number {
    if (this.format === null) return 0;
    const second = Math.floor(time / 1_000) * 1_000;
    const parts = Object.fromEntries(
      this.format.formatToParts(second).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 0, hour = 0, minute = 0, second: seconds = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
  }

  /** Returns the number of the day that a time lies in. */
  dayOf(time: number): number {
    if (this.format === null) return Math.floor(time / DAY);
    let day = Math.floor((time + this.offsetNear(time)) / DAY);
    while (this.startOfDay(day) > time) day--;
    while (this.startOfDay(day + 1) <= time) day++;
    return day;
  }

  startOfDay(day: number): number {
    return this.instantOf(day * DAY);
  }

  /**
   * Returns when local clocks first show a time, given as if it were UTC, or one later than it where they leave it out.
   * Of midnights that come twice it is the one after which no clock shows the day before.
   */
  instantOf(wall: number): number {
    if (this.format === null) return wall;
    const stored = this.instants.get(wall);
    if (stored !== undefined) return stored;
    const instant = this.findInstant(wall);
    if (this.instants.size > MOST_REMEMBERED) this.instants.clear();
    this.instants.set(wall, instant);
    return instant;
  }

  private findInstant(wall: number): number {
    const local = (time: number) => time + this.offsetAt(time);
    const offsets = [this.offsetAt(wall - FAR), this.offsetAt(wall + FAR)];
    const shown = [...new Set(offsets.map((offset) => wall - offset))]
      .filter((time) => local(time) === wall)
      .sort((a, b) => a - b);
    const [first, second] = shown;
    if (first !== undefined) {
      const isBefore = second !== undefined && local(second - 1) < wall && wall % DAY === 0;
      const goesBack = isBefore && Math.floor(local(second - 1) / DAY) < wall / DAY;
      return goesBack ? second : first;
    }
    let low = wall - Math.max(...offsets) - 1;
    let high = wall - Math.min(...offsets);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (local(middle) >= wall) high = middle;
      else low = middle;
    }
    return high;
  }

  /** Offsets change at whole quarters of an hour, or near them: a guess that `dayOf` corrects. */
  private offsetNear(time: number): number {
    const quarter = Math.floor(time / (HOUR / 4));
    const stored = this.offsets.get(quarter);
    if (stored !== undefined) return stored;
    const offset = this.offsetAt(time);
    if (this.offsets.size > MOST_REMEMBERED) this.offsets.clear();
    this.offsets.set(quarter, offset);
    return offset;
  }
}

/** Writes what the clocks of a zone show. */
const clockOf = (timeZone: string) =>
  new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', era: 'short' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });

/** How many answers are remembered: those of ten years of quarter days. */
const MOST_REMEMBERED = 15_000;

export const UTC = new TimeZone('UTC');

/** Returns the zone of that name; UTC where it is not known here. */
export function zoneNamed(name: string): TimeZone {
  const known = zones.get(name);
  if (known) return known;
  if (!isTimeZone(name)) return UTC;
  const zone = new TimeZone(name);
  if (zones.size >= MOST_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}
