import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip, type Gunzip } from 'node:zlib';

/** Compressed bytes given to zlib at once; gzip expands them at most about a thousandfold. */
const CHUNK_BYTES = 16 * 1024;

/**
 * Opens a regular file for reading without ever blocking: opening a fifo would wait for a writer. Returns `null` when
 * the path holds something else. Throws the system's error when it cannot be opened.
 */
export async function openRegular(
  path: string,
  expected?: { device: number; inode: number },
): Promise<FileHandle | null> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    const same = !expected || (stat.dev === expected.device && stat.ino === expected.inode);
    if (stat.isFile() && same) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return null;
}

/** A source of bytes, in order. `read` returns how many it put into `into` at `at`, 0 at the end. */
export type ByteSource = { read(into: Buffer, at: number): Promise<number> };

/** Returns the file's bytes from `position` on. */
export function plainSource(handle: FileHandle, position: number): ByteSource {
  let next = position;
  return {
    async read(into, at) {
      const { bytesRead } = await handle.read(into, at, into.length - at, next);
      next += bytesRead;
      return bytesRead;
    },
  };
}

/**
 * Returns the uncompressed bytes from `skip` on. When the file is damaged or incomplete, everything before that is
 * returned first, then `read` throws zlib's error (`Z_DATA_ERROR`, `Z_BUF_ERROR`).
 */
export function gzipSource(handle: FileHandle, skip: number): ByteSource & { close(): void } {
  const gunzip = createGunzip();
  const output: Buffer[] = [];
  let toSkip = skip;
  let failure: Error | null = null;
  let ended = false;
  let position = 0;
  gunzip.on('data', (data: Buffer) => {
    const kept = data.subarray(Math.min(toSkip, data.length));
    toSkip -= data.length - kept.length;
    if (kept.length > 0) output.push(kept);
  });
  gunzip.on('error', (error) => {
    failure = error;
  });

  async function inflateMore(): Promise<void> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
    position += bytesRead;
    if (bytesRead > 0)
      await settled(gunzip, (done) => gunzip.write(chunk.subarray(0, bytesRead), done));
    // An empty file is not incomplete: it has no content yet.
    else if (position > 0) await settled(gunzip, (done) => gunzip.once('end', done).end());
    ended = bytesRead === 0;
  }

  return {
    async read(into, at) {
      while (output.length === 0 && !ended && failure === null) await inflateMore();
      const first = output[0];
      if (first === undefined) {
        if (failure !== null) throw failure;
        return 0;
      }
      const copied = first.copy(into, at);
      if (copied === first.length) output.shift();
      else output[0] = first.subarray(copied);
      return copied;
    },
    close() {
      gunzip.destroy();
    },
  };
}

/**
 * Waits until `start` calls back or the stream fails, whichever is first; the failure itself is stored by its listener.
 */
function settled(gunzip: Gunzip, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    gunzip.once('close', resolve);
    start(() => {
      gunzip.off('close', resolve);
      resolve();
    });
  });
}
