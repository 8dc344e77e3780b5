import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onWindows } from '../../e2e/fakes/systems';
import { discover, eachLine, FingerprintCache, LogReadError, readChunks } from './follow';
import { append, Follower, numbered } from './test-follower';

let folder: string;
let log: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'follow-'));
  log = join(folder, 'access.log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

async function offsets(path: string, from = 0, final = false) {
  const { found } = await discover(path, new FingerprintCache());
  const seen: [string | null, number][] = [];
  let end = from;
  for await (const chunk of readChunks(found.at(-1)!, from, { final })) {
    eachLine(chunk, (line, offset) => seen.push([line, offset]));
    end = chunk.nextOffset;
  }
  return { seen, end };
}

describe('positions', () => {
  it('are exact bytes with multi-byte text, CRLF and empty lines', async () => {
    const content = Buffer.from('ñandú\r\n\n日本 😀\nplain\r\nrest');
    fs.writeFileSync(log, content);
    const { seen, end } = await offsets(log, 0, true);
    expect(seen.map(([line]) => line)).toEqual(['ñandú', '日本 😀', 'plain', 'rest']);
    for (const [line, offset] of seen) {
      expect(content.subarray(offset, offset + Buffer.byteLength(line!)).toString()).toBe(line);
    }
    expect(end).toBe(content.length);
    expect((await offsets(log)).end).toBe(content.length - 4);
  });

  it('are the same in a gzip as in the file it was made of, over many chunks', async () => {
    const lines = Array.from({ length: 60_000 }, (_, n) => `${n} ${'é'.repeat(n % 40)}\n`);
    fs.writeFileSync(log, lines.join(''));
    fs.writeFileSync(`${log}.1.gz`, gzipSync(lines.join('')));
    const plain = await offsets(log);
    expect(plain.seen).toHaveLength(60_000);
    expect(await offsets(`${log}.1.gz`)).toEqual(plain);
    const { found } = await discover(log, new FingerprintCache());
    const packed: [string | null, number][] = [];
    for await (const chunk of readChunks(found[0]!, 0, { final: true })) {
      eachLine(chunk, (line, offset) => packed.push([line, offset]));
    }
    expect(packed).toEqual(plain.seen);
    const [, middle] = plain.seen[40_000]!;
    expect((await offsets(log, middle)).seen).toEqual(plain.seen.slice(40_000));
  });

  it('a line over 64 KiB is reported with its extent, whatever its size, and the next ones are read', async () => {
    for (const size of [65_537, 1_048_576, 3_000_000]) {
      fs.writeFileSync(log, `a\n${'x'.repeat(size)}\nb\n`);
      expect((await offsets(log)).seen).toEqual([
        ['a', 0],
        [null, 2],
        ['b', size + 3],
      ]);
    }
  });
});

describe('what cannot be read', () => {
  it.skipIf(onWindows)(
    'a fifo and a folder are refused at once, with what to do instead',
    async () => {
      execFileSync('mkfifo', [log]);
      expect((await discover(log, new FingerprintCache())).problems).toMatchObject([
        { code: 'NOT_A_FILE' },
      ]);
      const { problems } = await discover(folder, new FingerprintCache());
      expect(problems).toMatchObject([
        { code: 'EISDIR', message: expect.stringContaining('*.log') },
      ]);
    },
  );

  it.skipIf(onWindows)(
    'a device behind a symbolic link is refused; a file behind one is followed',
    async () => {
      fs.symlinkSync('/dev/null', log);
      expect((await discover(log, new FingerprintCache())).problems).toMatchObject([
        { code: 'NOT_A_FILE', message: expect.stringContaining('/dev/stdout') },
      ]);
      fs.rmSync(log);
      fs.writeFileSync(join(folder, 'real'), 'line 1\n');
      fs.symlinkSync(join(folder, 'real'), log);
      expect((await offsets(log)).seen).toEqual([['line 1', 0]]);
    },
  );

  it.skipIf(onWindows)(
    'a file we may not read is a problem with its remedy, and is read once we may',
    async () => {
      append(log, 1, 2);
      fs.chmodSync(folder, 0o755);
      fs.chmodSync(log, 0o000);
      const follower = new Follower(log);
      const root = process.geteuid?.() === 0;
      // Root may read everything, so it reads as `nobody`.
      if (root) process.seteuid?.(65_534);
      try {
        expect(await follower.look()).toMatchObject([
          { code: 'EACCES', message: expect.stringContaining('setfacl') },
        ]);
      } finally {
        if (root) process.seteuid?.(0);
      }
      fs.chmodSync(log, 0o600);
      await follower.look();
      expect(follower.lines).toEqual(numbered(1, 2));
    },
  );

  it.skipIf(onWindows)('a link in a circle is a problem that goes away', async () => {
    fs.symlinkSync(log, log);
    const follower = new Follower(log);
    expect(await follower.look()).toMatchObject([{ code: 'ELOOP' }]);
    fs.rmSync(log);
    append(log, 1, 1);
    await follower.look();
    expect(follower.lines).toEqual(['line 1']);
  });

  it('a cut-off gzip gives its whole lines, then the problem; once whole, the rest', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `${n} ${Math.sin(n)}`);
    const packed = gzipSync(`${lines.join('\n')}\n`);
    fs.writeFileSync(`${log}.1.gz`, packed.subarray(0, packed.length / 2));
    const follower = new Follower(log);
    await follower.look();
    expect(follower.errors[0]).toBeInstanceOf(LogReadError);
    expect(follower.errors[0]).toMatchObject({ reason: 'TRUNCATED' });
    const part = follower.lines.length;
    expect(part).toBeGreaterThan(1_000);
    expect(follower.lines).toEqual(lines.slice(0, part));
    fs.writeFileSync(`${log}.1.gz`, packed);
    await follower.look();
    expect(follower.lines).toEqual(lines);
  });

  it('a neighbour that only looks like gzip is a problem, and the log is read all the same', async () => {
    fs.writeFileSync(`${log}.1.gz`, 'not gzip');
    append(log, 1, 1);
    const follower = new Follower(log);
    expect(await follower.look()).toHaveLength(1);
    expect(follower.lines).toEqual(['line 1']);
  });

  it('a path that holds another file since the look gives nothing', async () => {
    append(log, 1, 2);
    const { found } = await discover(log, new FingerprintCache());
    fs.renameSync(log, `${log}.1`);
    append(log, 3, 3);
    const chunks = [];
    for await (const chunk of readChunks(found[0]!, 0, { final: false })) chunks.push(chunk);
    expect(chunks).toEqual([]);
  });
});
