import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toyCheckout } from './toy-checkout';

let checkout: ReturnType<typeof toyCheckout>;
beforeEach(() => {
  checkout = toyCheckout();
});
afterEach(() => checkout.remove());

/** Takes the lock, prints that, holds it for a moment, and prints that too. */
const HOLD = `
import { appendFileSync } from 'node:fs';
import { withLock } from './scripts/lock.mjs';
await withLock('lock', async () => {
  appendFileSync('story', 'in\\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  appendFileSync('story', 'out\\n');
}, (pid) => console.log('waiting for ' + pid));
`;
const hold = () => checkout.node(['--input-type=module', '-e', HOLD]).ended;
const story = () => readFileSync(path.join(checkout.folder, 'story'), 'utf8').trim().split('\n');
const deadPid = () => spawnSync(process.execPath, ['-e', '0']).pid;

describe('the lock', () => {
  it('lets one in at a time, and everyone in the end', async () => {
    await Promise.all(Array.from({ length: 5 }, hold));
    expect(story()).toEqual(Array.from({ length: 5 }, () => ['in', 'out']).flat());
    expect(readdirSync(checkout.folder).filter((name) => name.startsWith('lock'))).toEqual([]);
  });

  it.each([
    ['a process that has died', () => JSON.stringify({ pid: deadPid(), born: '1' })],
    ['nothing readable', () => 'half a li'],
  ])('held by %s is taken over, by one of many', async (_, content) => {
    checkout.write('lock', content());
    const ended = await Promise.all([hold(), hold(), hold()]);
    expect(story()).toEqual(['in', 'out', 'in', 'out', 'in', 'out']);
    expect(ended.map(({ stderr }) => stderr).join('')).toBe('');
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'held by a dead process whose number another one has now is taken over',
    async () => {
      checkout.write('lock', JSON.stringify({ pid: process.pid, born: 'before that one was' }));
      expect((await hold()).stdout).toBe('');
      expect(story()).toEqual(['in', 'out']);
    },
  );
});
