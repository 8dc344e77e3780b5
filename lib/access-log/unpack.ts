import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { say } from '../domain/said';
import { MINUTE } from '../util/time';
import { LogReadError } from './found-file';
import { type ByteSource, gzipSource } from './open-file';
import { quoted } from './shell';

type Packing = { program: string; name: string; unpack: string };

/** The program that decompresses a file with this extension; `.gz` needs no program. */
const PROGRAMS: Record<string, Packing> = {
  '.zst': { program: 'zstd', name: 'Zstandard', unpack: 'zstd -d --rm' },
  '.zstd': { program: 'zstd', name: 'Zstandard', unpack: 'zstd -d --rm' },
  '.xz': { program: 'xz', name: 'xz', unpack: 'xz -d' },
  '.lzma': { program: 'xz', name: 'xz', unpack: 'xz -d' },
  '.bz2': { program: 'bzip2', name: 'bzip2', unpack: 'bunzip2' },
  '.lz4': { program: 'lz4', name: 'LZ4', unpack: 'lz4 -d --rm' },
};

/** Programs that were not installed, and when to look again. */
const missing = new Map<string, number>();

export type UnpackedSource = ByteSource & { close(): void };

/**
 * Returns the uncompressed bytes of a compressed file from `skip` on. Everything before damaged data comes first; then
 * `read` throws zlib's error for gzip, and a `LogReadError` for what a program decompresses: `TRUNCATED` when it
 * failed, `UNSUPPORTED` when it is not installed here.
 */
export function unpackedSource(
  handle: FileHandle,
  { path, packing }: { path: string; packing: string },
  skip: number,
): UnpackedSource {
  const by = PROGRAMS[packing];
  return by === undefined ? gzipSource(handle, skip) : programSource(handle, path, by, skip);
}

function programSource(
  handle: FileHandle,
  path: string,
  packing: Packing,
  skip: number,
): UnpackedSource {
  if ((missing.get(packing.program) ?? 0) > Date.now()) throw notInstalled(path, packing);
  // The file is its input, so that no name is ever taken for an option.
  const child = spawn(packing.program, ['-dcq'], { stdio: [handle.fd, 'pipe', 'ignore'] });
  const { stdout } = child;
  let failure: unknown = null;
  child.on('error', (error) => {
    const gone = 'code' in error && error.code === 'ENOENT';
    if (gone) missing.set(packing.program, Date.now() + MINUTE);
    failure = gone ? notInstalled(path, packing) : error;
  });
  const exited = once(child, 'close');
  exited.catch(() => {});
  const chunks = stdout?.[Symbol.asyncIterator]();
  let toSkip = skip;
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next = await chunks?.next();
    if (next?.done === false && Buffer.isBuffer(next.value)) {
      const kept = next.value.subarray(Math.min(toSkip, next.value.length));
      toSkip -= next.value.length - kept.length;
      rest = kept;
      return true;
    }
    const [code] = await exited.catch(() => [null]);
    if (failure !== null) throw failure;
    if (code !== 0) {
      const said = say('doctor.fileNotUnpacked', { path, program: packing.program });
      throw new LogReadError(path, 'TRUNCATED', said);
    }
    return false;
  }

  return {
    async read(into, at) {
      while (rest.length === 0) if (!(await more())) return 0;
      const copied = rest.copy(into, at);
      rest = rest.subarray(copied);
      return copied;
    },
    close() {
      stdout?.destroy();
      child.kill();
    },
  };
}

function notInstalled(path: string, { name, program, unpack }: Packing): LogReadError {
  const command = `${unpack} ${quoted(path)}`;
  const said = say('doctor.fileNeedsProgram', { path, name, program, command });
  return new LogReadError(path, 'UNSUPPORTED', said);
}
