import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** Lets everything through. */
  | 'none'
  /** Ends every connection without an answer. */
  | 'cut'
  /** Lets the request through and loses the answer. */
  | 'deaf'
  | 429
  | 500
  | 503;

/** A proxy in front of a real server, that can be made to fail. */
export async function faultyProxy(target: string) {
  const { hostname, port } = new URL(target);
  let fault: Fault = 'none';
  let requests = 0;
  let waiting = 0;
  let held: { about: string; until: Promise<void> } | undefined;
  const server = http.createServer((request, response) => {
    requests++;
    const now = fault;
    if (now === 'cut') {
      request.socket.destroy();
      return;
    }
    if (typeof now === 'number') {
      request.resume();
      response.writeHead(now, { 'content-type': 'application/json', 'retry-after': '1' });
      response.end(JSON.stringify({ code: 'test', message: `set to answer ${now}` }));
      return;
    }
    const onward = http.request(
      { hostname, port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        if (now === 'deaf') {
          answer.resume();
          answer.on('end', () => request.socket.destroy());
          return;
        }
        const body: Buffer[] = [];
        answer.on('data', (part: Buffer) => body.push(part));
        answer.on('end', async () => {
          if (held && request.url?.startsWith('/api/v2/query') && asked.includes(held.about)) {
            waiting++;
            await held.until;
          }
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.end(Buffer.concat(body));
        });
      },
    );
    let asked = '';
    request.on('data', (part: Buffer) => {
      asked += part.toString('latin1');
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    fail(next: Fault) {
      fault = next;
      server.closeAllConnections();
    },
    requests: () => requests,
    /** Answers held back so far. */
    held: () => waiting,
    /**
     * Holds back answers to questions with that text in them, as they were when asked, until the function it returns is
     * called.
     */
    hold(about: string): () => void {
      let release = () => {};
      held = { about, until: new Promise((resolve) => (release = resolve)) };
      return release;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
