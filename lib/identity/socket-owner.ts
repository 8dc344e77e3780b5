import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';

export type SocketEnd = { address: string; port: number };

/** `TCP_ESTABLISHED` in the tables. A closed socket stays listed for a while, as if it were root's. */
const ESTABLISHED = '01';

/**
 * Returns the user id of the process at the other end of a connection within this machine, according to the kernel
 * (`/proc/net/tcp`, https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt). `null` when no process holds
 * that end any more, or it is not on this machine; `undefined` where there is no such table: not on Linux.
 */
export function socketOwner(peer: SocketEnd, ours: SocketEnd): number | null | undefined {
  const wanted = spellings(peer).flatMap((from) =>
    spellings(ours).map((to) => ` ${from} ${to} ${ESTABLISHED} `),
  );
  let tables = 0;
  // The kernel takes milliseconds for a table, however short: the second is read only when it is needed.
  for (const name of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const table = readTable(name);
    if (table === null) continue;
    tables++;
    for (const row of wanted) {
      const start = table.indexOf(row);
      if (start < 0) continue;
      const [, , , , , , uid] = table.slice(start, table.indexOf('\n', start)).trim().split(/ +/);
      return Number(uid);
    }
  }
  return tables > 0 ? null : undefined;
}

/** At once: a request waits for it, and handing it to another thread takes longer than reading. */
function readTable(file: string): string | null {
  try {
    return readFileSync(/* turbopackIgnore: true */ file, 'latin1');
  } catch {
    return null;
  }
}

/**
 * Returns an end as the tables spell it: the words of the address in the machine's byte order, then the port, in
 * hexadecimal.
 */
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
