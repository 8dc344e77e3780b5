import { InvalidInput } from '../domain/errors';

const MOST_BYTES = 64 * 1024;

/**
 * Reads the JSON body of a request. Throws `InvalidInput` when it is not JSON, or over 64 KiB: the rest is not read.
 */
export async function readJson(request: Request): Promise<unknown> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    throw invalid('must be JSON (Content-Type: application/json)');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw invalid(`must be at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw invalid('is not valid JSON');
  }
}

const invalid = (message: string) => new InvalidInput({ parameter: 'body', message });
