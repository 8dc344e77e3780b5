import { describe, expect, it } from 'vitest';
import { TimeZone } from '../../domain/time-zone';
import { Periods } from '../../rollup/periods';
import { DAY } from '../../util/time';
import type { Stores } from '../ports/stores';
import { openedPerTest } from './opened';
import { ALL, aHit, putHits } from './samples';

/** Clocks change in them at different times: at midnight UTC and half past two, by an hour and by half of one, or never. */
const ZONES = ['Europe/Madrid', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
/** Clocks change in Lord Howe on October 3, in Madrid on October 25, and in St. John's on November 1, all 2026. */
const FROM = Date.UTC(2026, 8, 25, 5, 20);
const DAYS = 39;
const RANGE = { from: FROM, to: FROM + DAYS * DAY };
const NOW = RANGE.to + 30 * DAY;
/** Around the midnights of these zones, and in one hour before and after them. */
const CLOCK = ['02:20', '02:45', '03:40', '13:10', '13:40', '18:05', '18:20', '22:30', '23:10'];
const TIMES = Array.from({ length: DAYS }, (_, day) =>
  CLOCK.map((clock) => Date.parse(`2026-09-26T${clock}:00Z`) + day * DAY),
)
  .flat()
  .filter((time) => time < RANGE.to);
/** A remote store makes hundreds of roll-ups for each zone. */
const TIMEOUT_MS = 300_000;

const dateIn = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
  return (time: number) => format.format(time);
};

/** The requirements of every store on the days of a time zone. */
export function timeZonesContract(
  name: string,
  open: (folder: string, periods: Periods) => Promise<Stores>,
  zones = ZONES,
): void {
  describe(`${name} in a time zone`, () => {
    let zone = 'UTC';
    const opened = openedPerTest((folder) => open(folder, new Periods(new TimeZone(zone))));
    const barsOf = async () => {
      const usage = await opened.stores.accesses.usage(RANGE, ALL);
      expect(usage).toMatchObject({ timeZone: zone, stepMs: DAY, totalAccesses: TIMES.length });
      expect(usage.bytes).toBe(TIMES.length * 100);
      const dateOf = dateIn(zone);
      return usage.series.flatMap(({ time, hits }) => (hits > 0 ? [[dateOf(time), hits]] : []));
    };
    const expected = () => {
      const dateOf = dateIn(zone);
      const byDate = new Map<string, number>();
      for (const time of TIMES) byDate.set(dateOf(time), (byDate.get(dateOf(time)) ?? 0) + 1);
      return [...byDate];
    };
    const rollUpAll = async (each: () => Promise<void> = async () => {}) => {
      while (await opened.stores.maintenance.rollUp(NOW)) await each();
    };

    it(
      'counts its days as they are, before, while and after roll-ups are made anew for another zone',
      async () => {
        zone = 'UTC';
        await opened.reopen();
        await putHits(
          opened.stores.ingest,
          TIMES.map((time, i) => aHit(i, { time })),
        );
        await rollUpAll();
        for (zone of zones) {
          await opened.reopen();
          // Readers elsewhere follow once the collector does.
          await opened.stores.maintenance.rollUp(NOW);
          expect(await barsOf()).toEqual(expected());
          let calls = 0;
          await rollUpAll(async () => {
            if (calls++ % 40 === 0) expect(await barsOf()).toEqual(expected());
          });
          expect(calls).toBeGreaterThan(0);
          expect(await barsOf()).toEqual(expected());
          const week = { from: FROM + 10 * DAY + 1, to: FROM + 24 * DAY };
          const usage = await opened.stores.accesses.usage(week, ALL);
          expect(usage.totalAccesses).toBe(
            TIMES.filter((t) => t >= week.from && t < week.to).length,
          );
        }
      },
      TIMEOUT_MS,
    );

    it(
      'counts each hit of its days once when hits are gone, rolled up before or after',
      async () => {
        zone = 'Asia/Kathmandu';
        await opened.reopen();
        await putHits(
          opened.stores.ingest,
          TIMES.map((time, i) => aHit(i, { time })),
        );
        await rollUpAll();
        const bars = await barsOf();
        // All but the last days' hits are gone; what has been made of them stays exact.
        await opened.stores.maintenance.prune(RANGE.to, { rawDays: 3, rollupDays: 730 });
        expect(await barsOf()).toEqual(bars);
        zone = 'America/St_Johns';
        await opened.reopen();
        await opened.stores.maintenance.rollUp(NOW);
        const total = async () => {
          const usage = await opened.stores.accesses.usage(RANGE, ALL);
          expect(usage.series.reduce((sum, { hits }) => sum + hits, 0)).toBe(usage.totalAccesses);
          return usage.totalAccesses;
        };
        expect(await total()).toBe(TIMES.length);
        await rollUpAll();
        expect(await total()).toBe(TIMES.length);
      },
      TIMEOUT_MS,
    );
  });
}
