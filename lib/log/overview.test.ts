import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLevel } from '../domain/log-level';
import { overviewOfLogs } from './overview';

const T0 = Date.UTC(2026, 10, 25, 8);
const nameAt = (time: number) =>
  `observatory-${new Date(time).toISOString().replace(/[-:.]/g, '')}.log`;
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER, level: 'DEBUG' } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'overview-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function line(second: number, level: LogLevel, message: string): string {
  const timestamp = new Date(T0 + second * 1_000).toISOString();
  const site = { logger: 'api', module: 'lib/api/handle', function: 'handle', line: 1 };
  return `${JSON.stringify({ level, timestamp, ...site, message })}\n`;
}

/** Writes one line a second for 200 seconds, the first hundred packed; every tenth is an error. */
function twoFiles(): void {
  for (const file of [0, 1]) {
    const lines = Array.from({ length: 100 }, (_, i) => file * 100 + i).map((n) =>
      n % 10 === 0 ? line(n, 'ERROR', `disk ${n} is full`) : line(n, 'INFO', `read ${n} lines`),
    );
    const name = path.join(folder, nameAt(T0 + file * 100_000));
    if (file === 0) writeFileSync(`${name}.gz`, gzipSync(lines.join('')));
    else writeFileSync(name, lines.join(''));
  }
}

describe('an overview of the log', () => {
  const starts = [0, 50, 100, 150].map((second) => T0 + second * 1_000);

  it('counts every line once, by time and level, over plain and packed files', async () => {
    twoFiles();
    const { counts, total, undated, complete } = await overviewOfLogs(folder, everything, starts);
    const each = { DEBUG: 0, INFO: 45, WARNING: 0, ERROR: 5 };
    expect(counts).toEqual([each, each, each, each]);
    expect({ total, undated, complete }).toEqual({ total: 200, undated: 0, complete: true });
  });

  it('puts lines that say the same together, the most frequent first, with the worst level', async () => {
    twoFiles();
    const { patterns, others } = await overviewOfLogs(folder, everything, starts);
    expect(patterns).toEqual([
      {
        ...{ pattern: 'read <n> lines', level: 'INFO', count: 180 },
        ...{ first: T0 + 1_000, last: T0 + 199_000 },
      },
      {
        ...{ pattern: 'disk <n> is full', level: 'ERROR', count: 20 },
        ...{ first: T0, last: T0 + 190_000 },
      },
    ]);
    expect(others).toBe(0);
  });

  it('counts only what the filter means', async () => {
    twoFiles();
    const errors = { ...everything, level: 'ERROR', from: T0 + 60_000 } as const;
    const { counts, total } = await overviewOfLogs(folder, errors, starts);
    expect(total).toBe(14);
    expect(counts.map(({ ERROR }) => ERROR)).toEqual([0, 4, 5, 5]);
  });

  it('counts lines of other programs, which have no time', async () => {
    writeFileSync(path.join(folder, nameAt(T0)), `${line(0, 'INFO', 'one')}Segmentation fault\n`);
    const { total, undated, patterns } = await overviewOfLogs(folder, everything, starts);
    expect({ total, undated }).toEqual({ total: 2, undated: 1 });
    expect(patterns.map(({ level }) => level).sort()).toEqual(['INFO', null]);
  });

  it('says how far it came when it may not read everything', async () => {
    const lines = Array.from({ length: 9_000 }, (_, n) => line(n, 'INFO', `a line of ${n}`));
    writeFileSync(path.join(folder, nameAt(T0)), lines.join(''));
    const limits = { bytes: 300_000, ms: 10_000 };
    const found = await overviewOfLogs(folder, everything, starts, limits);
    expect(found.complete).toBe(false);
    expect(found.total).toBeGreaterThan(1_000);
    expect(found.total).toBeLessThan(9_000);
    // The newest ones were counted, without a gap.
    expect(found.oldest).toBe(T0 + (9_000 - found.total) * 1_000);
  });

  it('lists fifty patterns, and counts the lines of all others', async () => {
    const letters = (n: number) => n.toString(26).replace(/\d/g, (d) => 'qrstuvwxyz'[Number(d)]!);
    const lines = Array.from({ length: 3_000 }, (_, n) => line(n, 'INFO', `word ${letters(n)}`));
    writeFileSync(path.join(folder, nameAt(T0)), lines.join(''));
    const { patterns, others, total } = await overviewOfLogs(folder, everything, starts);
    expect(patterns).toHaveLength(50);
    expect(others).toBe(total - patterns.reduce((sum, { count }) => sum + count, 0));
  });
});
