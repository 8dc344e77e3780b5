import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { keyedMutex } from './mutex';

it('runs the tasks of a key one after another, and those of other keys meanwhile', async () => {
  const inTurn = keyedMutex<string>();
  const order: string[] = [];
  const task = (name: string, ms: number) => async () => {
    order.push(`${name} begins`);
    await sleep(ms);
    order.push(`${name} ends`);
    return name;
  };
  const all = await Promise.all([
    inTurn('a', task('a1', 30)),
    inTurn('a', task('a2', 0)),
    inTurn('b', task('b', 0)),
  ]);
  expect(all).toEqual(['a1', 'a2', 'b']);
  expect(order).toEqual([
    ...['a1 begins', 'b begins', 'b ends'],
    ...['a1 ends', 'a2 begins', 'a2 ends'],
  ]);
});

it('goes on after a task that throws', async () => {
  const inTurn = keyedMutex<string>();
  const failed = inTurn('a', () => {
    throw new Error('no');
  });
  const next = inTurn('a', () => 'next');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('next');
});
