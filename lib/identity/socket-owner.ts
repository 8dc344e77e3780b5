import { readFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';

export type SocketEnd = { address: string; port: number };

/**
 * The user id of the process at the other end of a connection within this machine, as the kernel has it
 * (`/proc/net/tcp`, https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt). `undefined` where there is no
 * such table: not on Linux, or the other end is not on this machine.
 */
export async function socketOwner(peer: SocketEnd, ours: SocketEnd): Promise<number | undefined> {
  const wanted = spellings(peer).flatMap((from) => spellings(ours).map((to) => `${from} ${to}`));
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(/* turbopackIgnore: true */ table, 'latin1').catch(() => '');
    for (const row of text.split('\n')) {
      const [, local, remote, , , , , uid] = row.trim().split(/\s+/);
      if (wanted.includes(`${local} ${remote}`)) return Number(uid);
    }
  }
  return undefined;
}

/** An end as the tables spell it: words of the address in the machine's byte order, then the port, in hexadecimal. */
function spellings({ address, port }: SocketEnd): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const v4 = address.replace(/^::ffff:/, '');
  if (isIPv4(v4)) {
    const word = v4
      .split('.')
      .reverse()
      .map((byte) => Number(byte).toString(16).padStart(2, '0'))
      .join('')
      .toUpperCase();
    return [`${word}:${hexPort}`, `0000000000000000FFFF0000${word}:${hexPort}`];
  }
  return address === '::1' ? [`00000000000000000000000001000000:${hexPort}`] : [];
}
