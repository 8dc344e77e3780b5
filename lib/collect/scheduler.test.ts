import { afterEach, describe, expect, it } from 'vitest';
import { Scheduler } from './scheduler';

const schedulers: Scheduler[] = [];
const start = async (run: () => Promise<void>, schedule = '*/1 * * * * *') => {
  const scheduler = new Scheduler([{ name: 'job', schedule, run }]);
  schedulers.push(scheduler);
  await scheduler.start();
  return scheduler;
};
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the scheduler', () => {
  afterEach(async () => {
    for (const scheduler of schedulers.splice(0)) await scheduler.stop(0);
  });

  it.each([
    ['once at the start', '0 0 29 2 *', 1, 1],
    ['at the start, then on its schedule', '*/1 * * * * *', 3, 4],
  ])('runs every job %s', async (_, schedule, least, most) => {
    let runs = 0;
    await start(async () => {
      runs++;
    }, schedule);
    await sleep(2_500);
    expect(runs).toBeGreaterThanOrEqual(least);
    expect(runs).toBeLessThanOrEqual(most);
  });

  it('never runs a job twice at a time, however slow it is', async () => {
    let running = 0;
    let most = 0;
    const scheduler = await start(async () => {
      most = Math.max(most, ++running);
      await sleep(1_500);
      running--;
    });
    await Promise.all([scheduler.runNow('job'), scheduler.runNow('job'), sleep(2_200)]);
    expect(most).toBe(1);
  });

  it('lets other work in between jobs that are due in the same second', async () => {
    const begun: string[] = [];
    const job = (name: string) => ({
      ...{ name, schedule: '*/1 * * * * *' },
      run: async () => {
        begun.push(name);
        setImmediate(() => begun.push(`after ${name}`));
      },
    });
    const scheduler = new Scheduler([job('first'), job('second')]);
    schedulers.push(scheduler);
    await scheduler.start();
    await sleep(10);
    begun.length = 0;
    await sleep(1_200);
    const from = begun.indexOf('first');
    expect(begun.slice(from, from + 3)).toEqual(['first', 'after first', 'second']);
  });

  it('knows of each job when it ran, how long, what went wrong, and when it is next', async () => {
    let fail = true;
    const scheduler = await start(async () => {
      await sleep(5);
      if (fail) throw new Error('no luck');
    }, '0 0 1 1 *');
    const first = { name: 'job', running: false, lastError: 'no luck' };
    await expect.poll(() => scheduler.states()[0]).toMatchObject(first);
    const [state] = scheduler.states();
    expect(Date.now() - (state?.lastRun ?? 0)).toBeLessThan(5_000);
    expect(state?.lastDurationMs).toBeGreaterThanOrEqual(4);
    expect(new Date(state?.nextRun ?? 0).getMonth()).toBe(0);
    fail = false;
    await scheduler.runNow('job');
    expect(scheduler.states()[0]?.lastError).toBeNull();
  });

  it('waits for what is running when it is stopped', async () => {
    let done = false;
    const scheduler = await start(async () => {
      await sleep(200);
      done = true;
    });
    await scheduler.stop(2_000);
    expect(done).toBe(true);
  });

  it.each([-3_600_000, -86_400_000, 3_600_000])(
    'runs on, and no job is overdue, when the clock is set off by %i ms',
    async (by) => {
      let runs = 0;
      let off = 0;
      const run = async () => {
        runs++;
      };
      const collector = { name: 'job', schedule: '*/1 * * * * *', run };
      const scheduler = new Scheduler([collector], () => Date.now() + off);
      schedulers.push(scheduler);
      await scheduler.start();
      await sleep(1_100);
      off = by;
      const before = runs;
      await sleep(3_200);
      expect(runs - before).toBeGreaterThanOrEqual(2);
      expect(runs - before).toBeLessThanOrEqual(5);
      const [state] = scheduler.states();
      expect(state?.overdueMs).toBe(0);
      expect(Math.abs((state?.nextRun ?? 0) - (Date.now() + off))).toBeLessThan(2_500);
    },
  );

  it('says for how long a job has missed its turns', async () => {
    const scheduler = await start(async () => {
      await sleep(2_600);
    });
    await sleep(2_300);
    expect(scheduler.states()[0]?.overdueMs).toBeGreaterThan(0);
    await sleep(900);
    await scheduler.stop(3_000);
    expect(scheduler.states()[0]?.overdueMs).toBe(0);
  });

  it('counts the runs of a job, those that failed, and how long all of them took', async () => {
    let runs = 0;
    const scheduler = await start(async () => {
      await sleep(50);
      if (++runs === 2) throw new Error('once');
    });
    await scheduler.runNow('job');
    await sleep(60);
    await scheduler.runNow('job');
    await scheduler.runNow('job');
    const [state] = scheduler.states();
    expect([state?.runs, state?.failures]).toEqual([runs, 1]);
    expect(state?.ranMs).toBeGreaterThan(runs * 45);
    await scheduler.stop(2_000);
  });
});
