import http from 'node:http';
import { gunzipSync } from 'node:zlib';

export type Timed = {
  /** Milliseconds until the first byte of the body, and until the last. */
  firstByte: number;
  took: number;
  /** Of the body, as transferred. */
  bytes: number;
  body: string;
};

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** Sends a GET like a browser's (gzip accepted, connection kept). Rejects when the answer is not 200. */
export function fetchTimed(url: string): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const request = http.get(url, { agent, headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      let firstByte = 0;
      response.on('data', (chunk: Buffer) => {
        firstByte ||= performance.now() - started;
        chunks.push(chunk);
      });
      response.on('end', () => {
        const took = performance.now() - started;
        const packed = Buffer.concat(chunks);
        const gzip = response.headers['content-encoding'] === 'gzip';
        const body = (gzip ? gunzipSync(packed) : packed).toString();
        if (response.statusCode === 200) resolve({ firstByte, took, bytes: packed.length, body });
        else reject(new Error(`${url} answered ${response.statusCode}: ${body.slice(0, 300)}`));
      });
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
