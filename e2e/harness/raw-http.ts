import http from 'node:http';
import net from 'node:net';

export type RawAnswer = { status: number; headers: http.IncomingHttpHeaders; body: string };
export type RawRequest = {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** The loopback address it is sent from. */
  from?: string;
};

/** Sends a request exactly as given, which a browser or `fetch` would normalise. */
export function ask(base: string, { method = 'GET', path, headers = {}, body, from }: RawRequest) {
  const { hostname, port } = new URL(base);
  return new Promise<RawAnswer>((resolve, reject) => {
    const request = http.request(
      { hostname, port, method, path, headers, localAddress: from, agent: false, timeout: 15_000 },
      (response) => {
        const chunks: Buffer[] = [];
        const done = () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          // A stream of events has no end.
          if (response.headers['content-type']?.startsWith('text/event-stream')) {
            response.destroy();
            done();
          }
        });
        response.on('end', done);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends bytes that no HTTP library would send, and returns the first line of the answer; '' when there is none. */
export function sendBytes(base: string, bytes: string | Buffer, waitMs = 2_000): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    let answer = '';
    const done = () => {
      socket.destroy();
      resolve(answer.split('\r\n')[0] ?? '');
    };
    socket.setTimeout(waitMs, done);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.write(bytes);
  });
}
