import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';

/** Keeps connections like a browser's, each through a SOCKS5 proxy without authentication (RFC 1928). */
export class SocksAgent extends http.Agent {
  constructor(
    private readonly proxyPort: number,
    maxSockets: number,
  ) {
    super({ keepAlive: true, maxSockets });
  }

  override createConnection(
    { host, port }: http.ClientRequestArgs,
    created: (error: Error | null, stream: Duplex) => void = () => {},
  ): undefined {
    connect(this.proxyPort, host ?? '', Number(port)).then(
      (socket) => created(null, socket),
      (error) => created(error, new net.Socket()),
    );
  }
}

async function connect(proxyPort: number, host: string, port: number): Promise<net.Socket> {
  const socket = net.connect(proxyPort, '127.0.0.1');
  const name = Buffer.from(host);
  try {
    await request(socket, Buffer.from([5, 1, 0]), 2);
    const target = [5, 1, 0, 3, name.length, ...name, port >> 8, port & 255];
    // The answer names an IPv4 address: 10 bytes.
    const [, failure] = await request(socket, Buffer.from(target), 10);
    if (failure !== 0) throw new Error(`the proxy cannot reach ${host}:${port} (${failure})`);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Sends bytes and resolves with an answer of at least `length` bytes. */
function request(socket: net.Socket, bytes: Buffer, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const end = () => {
      socket.off('data', take);
      socket.off('error', fail);
      socket.off('close', fail);
    };
    const take = (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < length) return;
      end();
      resolve(answer);
    };
    const fail = (error?: Error | boolean) => {
      end();
      reject(error instanceof Error ? error : new Error('the proxy closed the connection'));
    };
    socket.on('data', take).on('error', fail).on('close', fail);
    socket.write(bytes);
  });
}
