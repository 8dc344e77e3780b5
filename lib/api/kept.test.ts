import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kept } from './kept';

function counting(ms: number) {
  const asked: string[] = [];
  const answer = kept(ms, async ({ name }: { name: string }, query: { days: number }) => {
    asked.push(`${name} ${query.days}`);
    return asked.length;
  });
  return { asked, answer };
}

test('the same question is answered once, until its answer is too old', async () => {
  const { answer } = counting(50);
  const services = { name: 'a' };
  expect(await answer(services, { days: 7 })).toBe(1);
  expect(await answer(services, { days: 7 })).toBe(1);
  await sleep(120);
  expect(await answer(services, { days: 7 })).toBe(2);
});

test('other questions, and those about another collector, have answers of their own', async () => {
  const { asked, answer } = counting(10_000);
  const services = { name: 'a' };
  await answer(services, { days: 7 });
  await answer(services, { days: 30 });
  await answer({ name: 'b' }, { days: 7 });
  expect(asked).toEqual(['a 7', 'a 30', 'b 7']);
});

test('what failed is tried again', async () => {
  let calls = 0;
  const answer = kept(10_000, async () => {
    if (++calls === 1) throw new Error('the disk is away');
    return calls;
  });
  const services = {};
  await expect(answer(services)).rejects.toThrow('the disk is away');
  expect(await answer(services)).toBe(2);
});
