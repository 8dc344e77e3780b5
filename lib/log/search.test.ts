import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLevel } from '../domain/log-level';
import { listLogFiles } from './log-files';
import type { LogFilePosition } from './match';
import { allLines, type LogQuery, searchLogs } from './search';

const T0 = Date.UTC(2026, 10, 25, 8);
const nameAt = (time: number) =>
  `observatory-${new Date(time).toISOString().replace(/[-:.]/g, '')}.log`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'search-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function line(n: number, level: LogLevel, more: Record<string, unknown> = {}): string {
  const at = new Date(T0 + n * 1_000).toISOString();
  const site = { logger: 'api', module: 'lib/api/handle', function: 'handle', line: 1 };
  return `${JSON.stringify({ level, timestamp: at, ...site, message: `line ${n}`, ...more })}\n`;
}

const everything: LogQuery = { from: 0, to: Number.MAX_SAFE_INTEGER, level: 'DEBUG', limit: 1_000 };
const messages = async (query: Partial<LogQuery>) => {
  const { entries } = await searchLogs(folder, { ...everything, ...query });
  return entries.map((entry) => entry.line?.message ?? entry.text);
};

/** Writes lines 0 to 299 to three files: packed, plain, plain; every tenth is an error. */
function threeFiles(): void {
  for (const file of [0, 1, 2]) {
    const lines = Array.from({ length: 100 }, (_, i) => file * 100 + i);
    const text = lines.map((n) => line(n, n % 10 === 0 ? 'ERROR' : 'INFO')).join('');
    const name = path.join(folder, nameAt(T0 + file * 100_000));
    if (file === 0) writeFileSync(`${name}.gz`, gzipSync(text));
    else writeFileSync(name, text);
  }
}

describe('searching the log', () => {
  it('gives the newest lines of a level and above, over plain and packed files', async () => {
    threeFiles();
    expect(await messages({ level: 'ERROR', limit: 3 })).toEqual([
      'line 290',
      'line 280',
      'line 270',
    ]);
    expect(await messages({ level: 'WARNING' })).toHaveLength(30);
    expect(await messages({})).toHaveLength(300);
  });

  it('gives every line exactly once by pages, whatever the size of a page', async () => {
    threeFiles();
    for (const limit of [1, 7, 100, 299, 300]) {
      const seen: string[] = [];
      for (let before: LogFilePosition | undefined; ; ) {
        const answer = await searchLogs(folder, { ...everything, limit, before });
        seen.push(...answer.entries.map((entry) => entry.line?.message ?? ''));
        if (answer.next === null) break;
        before = answer.next;
      }
      expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => `line ${299 - i}`));
    }
  });

  it('goes on where it stopped when it had to stop early', async () => {
    const long = Array.from({ length: 9_000 }, (_, n) =>
      line(n, 'INFO', { data: { pad: 'x'.repeat(90) } }),
    );
    writeFileSync(path.join(folder, nameAt(T0)), long.join(''));
    const seen: string[] = [];
    let stops = 0;
    for (let before: LogFilePosition | undefined; ; stops++) {
      const query = { ...everything, limit: 100_000, before };
      const answer = await searchLogs(folder, query, { bytes: 300_000, ms: 10_000 });
      seen.push(...answer.entries.map((entry) => entry.line?.message ?? ''));
      expect(answer.complete).toBe(answer.next === null);
      if (answer.next === null) break;
      before = answer.next;
    }
    expect(stops).toBeGreaterThan(2);
    expect(seen).toEqual(long.map((_, i) => `line ${8_999 - i}`));
  });

  it('stops early: it does not read what lies before enough lines', async () => {
    threeFiles();
    const whole = readFileSync(path.join(folder, nameAt(T0 + 200_000))).length;
    const { scannedBytes } = await searchLogs(folder, { ...everything, limit: 5 });
    expect(scannedBytes).toBeLessThanOrEqual(whole);
  });

  it('narrows by text in any case, logger, user, request and time', async () => {
    const name = path.join(folder, nameAt(T0));
    writeFileSync(
      name,
      [
        line(0, 'INFO', { message: 'Disk FULL', logger: 'store' }),
        line(1, 'INFO', { user: 'alice@example.com', request_id: 'r-1' }),
        line(2, 'ERROR', { user: 'alice@example.com', request_id: 'r-2', data: { path: '/Full' } }),
        line(3, 'INFO', { data: { user: 'alice@example.com' } }),
      ].join(''),
    );
    expect(await messages({ text: 'full' })).toEqual(['line 2', 'Disk FULL']);
    expect(await messages({ logger: 'store' })).toEqual(['Disk FULL']);
    expect(await messages({ user: 'alice@example.com' })).toEqual(['line 2', 'line 1']);
    expect(await messages({ requestId: 'r-1' })).toEqual(['line 1']);
    expect(await messages({ from: T0 + 1_000, to: T0 + 3_000 })).toEqual(['line 2', 'line 1']);
  });

  it('narrows to the lines that say the same', async () => {
    const said = [
      '3 lines of “a.log” were lost',
      '17 lines of “b.log” were lost',
      'a line was lost',
    ];
    const lines = said.map((message, n) => line(n, 'INFO', { message }));
    writeFileSync(path.join(folder, nameAt(T0)), lines.join(''));
    expect(await messages({ pattern: '<n> lines of <name> were lost' })).toEqual([
      said[1],
      said[0],
    ]);
  });

  it('gives all lines, oldest first, over plain and packed files', async () => {
    threeFiles();
    const seen: string[] = [];
    const errors = { ...everything, level: 'ERROR', from: T0 + 50_000 } as const;
    for await (const entries of allLines(folder, errors)) {
      seen.push(...entries.map((entry) => entry.line?.message ?? ''));
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `line ${50 + i * 10}`));
  });

  it('gives only what is new behind a position, for a live view', async () => {
    threeFiles();
    const [newest] = (await searchLogs(folder, { ...everything, limit: 1 })).entries;
    const after = newest?.position;
    expect(await messages({ after })).toEqual([]);
    appendFileSync(path.join(folder, nameAt(T0 + 200_000)), line(300, 'INFO'));
    writeFileSync(path.join(folder, nameAt(T0 + 400_000)), line(400, 'INFO'));
    expect(await messages({ after })).toEqual(['line 400', 'line 300']);
  });

  it('survives lines that are not JSON, or not ours, and shows them when everything is wanted', async () => {
    const name = path.join(folder, nameAt(T0));
    const strange = [
      '{"level":"ERROR"',
      'Killed',
      '',
      '{"level":"ERROR","message":3}',
      '\u0000\u0001',
    ];
    writeFileSync(name, `${line(0, 'ERROR')}${strange.join('\n')}\n${line(1, 'ERROR')}`);
    expect(await messages({ level: 'ERROR' })).toEqual(['line 1', 'line 0']);
    expect(await messages({})).toEqual([
      'line 1',
      '\u0000\u0001',
      '{"level":"ERROR","message":3}',
      'Killed',
      '{"level":"ERROR"',
      'line 0',
    ]);
  });

  it('finds lines longer than a piece that is read, and survives one without end', async () => {
    const name = path.join(folder, nameAt(T0));
    const long = line(1, 'ERROR', { data: { pad: 'x'.repeat(700_000) } });
    writeFileSync(name, `${line(0, 'ERROR')}${long}${line(2, 'ERROR')}${'y'.repeat(3_000_000)}\n`);
    expect(await messages({ level: 'ERROR' })).toEqual(['line 2', 'line 1', 'line 0']);
    writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)));
    rmSync(name);
    expect(await messages({ level: 'ERROR' })).toEqual(['line 2', 'line 1', 'line 0']);
  });

  it('counts a file once while it is being packed', async () => {
    threeFiles();
    const name = path.join(folder, nameAt(T0 + 100_000));
    writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)));
    expect(listLogFiles(folder)).toHaveLength(3);
    expect(await messages({})).toHaveLength(300);
  });
});
