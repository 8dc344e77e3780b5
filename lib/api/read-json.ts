import { InvalidInput } from '../domain/errors';
import { type Said, say } from '../domain/said';

const MOST_BYTES = 64 * 1024;

/**
 * Reads the JSON body of a request. Throws `InvalidInput` when it is not JSON, or over 64 KiB: the rest is not read.
 */
export async function readJson(request: Request): Promise<unknown> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    throw invalid(say('faults.json'));
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw invalid(say('faults.bytes', { most: MOST_BYTES }));
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw invalid(say('faults.notJson'));
  }
}

const invalid = (message: Said) => new InvalidInput({ parameter: 'body', message });
