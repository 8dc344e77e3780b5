import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cli } from './cli';
import { demo } from './demo';
import { localApi } from './local-api';
import { sidecar } from './sidecar';
import type { Tailscale } from './tailscale';

/**
 * Usual paths of tailscaled's socket: Linux, Linux without /var/run, macOS (open source), FreeBSD and OpenBSD as Linux.
 */
const KNOWN_SOCKETS = [
  '/var/run/tailscale/tailscaled.sock',
  '/run/tailscale/tailscaled.sock',
  '/var/run/tailscaled.socket',
];

/** The command of the macOS app, which is not on PATH. */
const MAC_CLI = '/Applications/Tailscale.app/Contents/MacOS/Tailscale';

export type FindOptions = {
  /** Explicit settings: the first of these that is set is used, working or not, so that its error is seen. */
  socket?: string;
  proxyUrl?: string;
  cli?: string;
  /** `force`: always the demo. `never`: never the demo. `auto`: the demo when no Tailscale is found. */
  demo: 'force' | 'never' | 'auto';
  /** The environment's PATH. */
  searchPath?: string;
  platform?: NodeJS.Platform;
  knownSockets?: readonly string[];
  now?: () => number;
};

/**
 * Finds the Tailscale to read: explicit settings (socket, then proxy, then command), else a socket in a usual path,
 * else `tailscale` on PATH, else the demo; `null` when there is none and the demo is not wanted. A socket that exists
 * counts even if nothing listens: a tailnet that is down must not turn into a demo. Throws a `TailscaleError` for a
 * malformed proxy URL.
 */
export async function findTailscale(options: FindOptions): Promise<Tailscale | null> {
  const { now } = options;
  if (options.demo === 'force') return demo({ now });
  const command = options.cli || (await findCommand(options));
  if (options.socket) return localApi({ socketPath: options.socket, cli: command, now });
  if (options.proxyUrl) return sidecar({ url: options.proxyUrl, now });
  if (options.cli) return cli({ command: options.cli, now });
  for (const socketPath of options.knownSockets ?? KNOWN_SOCKETS) {
    if (await isSocket(socketPath)) return localApi({ socketPath, cli: command, now });
  }
  if (command) return cli({ command, now });
  return options.demo === 'never' ? null : demo({ now });
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch (error) {
    // A path that may not be inspected still exists: the transport then reports the missing permission.
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

async function findCommand(options: FindOptions): Promise<string | undefined> {
  const name = options.platform === 'win32' ? 'tailscale.exe' : 'tailscale';
  const folders = (options.searchPath ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = folders.map((folder) => join(folder, name));
  if (options.platform === 'darwin') candidates.push(MAC_CLI);
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
