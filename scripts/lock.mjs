import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ pid: number, born: string }} Holder `born` tells a process from a later one with the same number. */

/**
 * Runs `work` while no other process holds the lock file, waiting for the one that does. A lock whose process has died
 * is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(pid: number) => void} [onWait] Called once, with the holder, when there is a wait.
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, born: await bornAt(process.pid) });
  for (let reported = false; !(await claim(file, mine)); await sleep(200)) {
    const text = await read(file);
    if (text === undefined) continue;
    const holder = parse(text);
    if (!holder || !(await alive(holder))) await discard(file, text);
    else if (!reported) {
      reported = true;
      onWait(holder.pid);
    }
  }
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

/** Creates the lock with its content in one step, so that no process ever reads half of it. */
async function claim(file, content) {
  const draft = `${file}.${process.pid}`;
  await fs.writeFile(draft, content);
  try {
    await fs.link(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/** Removes a dead process's lock; one that another process took in the meantime is put back. */
async function discard(file, deadText) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    await fs.rename(file, aside);
    if ((await read(aside)) !== deadText) await fs.link(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    await fs.rm(aside, { force: true });
  }
}

const read = (file) => fs.readFile(file, 'utf8').catch(() => undefined);

/** @returns {Holder | undefined} */
function parse(text) {
  try {
    const { pid, born } = JSON.parse(text);
    return Number.isInteger(pid) && pid > 0 ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Holder} holder */
async function alive({ pid, born }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  const bornNow = await bornAt(pid);
  return bornNow === '' || bornNow === born;
}

/**
 * Returns when a process started, in the kernel's ticks since boot (field 22 of proc(5) stat); '' where there is no
 * /proc.
 */
async function bornAt(pid) {
  const stat = (await read(`/proc/${pid}/stat`)) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
