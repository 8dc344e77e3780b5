import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { hasProc } from '../../e2e/fakes/systems';
import { socketOwner } from './socket-owner';

/** Connects over `host`, calls `then` with the server's side of the connection, and returns its result. */
async function connected<T>(
  host: string,
  then: (server: net.Socket, client: net.Socket) => T | Promise<T>,
): Promise<T> {
  const server = net.createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as net.AddressInfo;
  const client = net.connect(port, host);
  const [socket] = (await new Promise((resolve) =>
    server.once('connection', (...sockets) => resolve(sockets)),
  )) as [net.Socket];
  try {
    return await then(socket, client);
  } finally {
    client.destroy();
    socket.destroy();
    server.close();
  }
}
const ends = (socket: net.Socket) =>
  [
    { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
  ] as const;

describe.runIf(hasProc)('whose the other end of a connection is', () => {
  it.each(['127.0.0.1', '127.0.0.9', '::1'])('is found over %s', async (host) => {
    const owner = await connected(host, (socket) => socketOwner(...ends(socket)));
    expect(owner).toBe(process.getuid?.());
  });

  it('is not found for an end that was closed: the kernel lists those as root’s', async () => {
    const owner = await connected('127.0.0.1', async (socket, client) => {
      const [peer, ours] = ends(socket);
      client.destroy();
      await new Promise((resolve) => socket.once('end', resolve).resume());
      return socketOwner(peer, ours);
    });
    expect(owner).toBeNull();
  });

  it('is not found for a connection that does not exist', () => {
    for (const address of ['127.0.0.1', '192.0.2.1']) {
      expect(socketOwner({ address, port: 1 }, { address, port: 2 })).toBeNull();
    }
  });
});
