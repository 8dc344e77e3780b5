import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { Ingest } from './ingest';
import { LogDoctor } from './log-doctor';

const line = (n: number) =>
  `100.64.0.2 - - [20/Nov/2026:10:00:00 +0000] "GET /${n} HTTP/1.1" 200 3 "-" "curl/8" 0.010\n`;
const lines = (n: number) => Array.from({ length: n }, (_, i) => line(i)).join('');

describe('the log doctor over real files', () => {
  let folder: string;
  let store: Stores;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    store = await openSqliteStores(join(folder, 'data', 'observatory.sqlite'));
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (name: string, format?: string) => {
    const pattern = join(folder, name);
    const ingest = new Ingest(store, { pattern, format, backfill: true });
    // An advancing clock, so that each request examines the files again.
    let now = Date.UTC(2026, 10, 20, 11);
    const doctor = new LogDoctor({ pattern, format }, ingest, () => (now += 60_000));
    return { ingest, doctor };
  };

  const overwritten = (packed: Buffer) => Buffer.from(packed).fill(0xff, 40, 48);
  it.each<[string, (packed: Buffer) => Buffer]>([
    ['truncated', (packed) => packed.subarray(0, packed.length - 60)],
    ['overwritten in its middle', overwritten],
  ])(
    '23: an archive that is %s is named until it is gone, also after a restart',
    async (_, damage) => {
      writeFileSync(join(folder, 'access.log'), line(1));
      const packed = gzipSync(lines(600));
      const archive = join(folder, 'access.log.2.gz');
      writeFileSync(archive, damage(packed));
      for (let starts = 0; starts < 2; starts++) {
        const { ingest, doctor } = start('access.log');
        for (let pass = 0; pass < 3; pass++) {
          await ingest.run();
          const [finding] = await doctor.findings();
          expect(finding).toMatchObject({ code: 'problem', severity: 'error' });
          expect(finding?.detail).toContain('access.log.2.gz');
        }
        if (starts === 0) continue;
        rmSync(archive);
        await ingest.run();
        expect(await doctor.findings()).toEqual([]);
      }
    },
  );

  it('several logs: one that is bad is found, wherever it stands', async () => {
    writeFileSync(join(folder, 'a-access.log'), 'odd ~ line\n'.repeat(3));
    writeFileSync(join(folder, 'm-access.log'), line(1));
    const { ingest, doctor } = start('*-access.log');
    await ingest.run();
    expect(await doctor.findings()).toMatchObject([
      { code: 'wrong_format', title: 'No line of a-access.log can be read' },
    ]);
  });

  it('a format set for one log is applied to that log alone', async () => {
    writeFileSync(
      join(folder, 'a-access.log'),
      '100.64.0.2 ~ 20/Nov/2026:10:00:00 +0000 ~ 200 ~ 0.010\n',
    );
    writeFileSync(join(folder, 'm-access.log'), line(1));
    const format = 'a-access.log=$remote_addr ~ $time_local ~ $status ~ $request_time';
    const { ingest, doctor } = start('*-access.log', format);
    await ingest.run();
    expect(await doctor.findings()).toEqual([]);
    expect(ingest.state.hits).toBe(2);
  });
});
