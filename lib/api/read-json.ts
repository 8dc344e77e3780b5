import { ParameterError } from './query';

const MOST_BYTES = 64 * 1024;

/** The JSON body of a request. Throws `ParameterError` when it is not JSON, or more than 64 KiB: the rest is not read. */
export async function readJson(request: Request): Promise<unknown> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    throw new ParameterError('body', 'must be JSON (Content-Type: application/json)');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new ParameterError('body', `must be at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new ParameterError('body', 'is not valid JSON');
  }
}
