import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cli } from './cli';
import { demo } from './demo';
import { localApi } from './local-api';
import { sidecar } from './sidecar';
import type { Tailscale } from './tailscale';

/** Where tailscaled puts its socket: Linux, Linux without /var/run, macOS (open source), FreeBSD and OpenBSD as Linux. */
const KNOWN_SOCKETS = [
  '/var/run/tailscale/tailscaled.sock',
  '/run/tailscale/tailscaled.sock',
  '/var/run/tailscaled.socket',
];

/** Where the macOS app keeps the command it does not put on PATH. */
const MAC_CLI = '/Applications/Tailscale.app/Contents/MacOS/Tailscale';

export type FindOptions = {
  /** Explicit settings: the first of these that is set wins, working or not, so that its error is seen. */
  socket?: string;
  proxyUrl?: string;
  cli?: string;
  /** `force`: the demo whatever there is. `never`: rather nothing. `auto`: the demo when there is nothing. */
  demo: 'force' | 'never' | 'auto';
  /** PATH as the environment has it. */
  searchPath?: string;
  platform?: NodeJS.Platform;
  knownSockets?: readonly string[];
  now?: () => number;
};

/**
 * The Tailscale to read: explicit settings (socket, then proxy, then command), else a socket where tailscaled puts it, else
 * `tailscale` on PATH, else the demo; `null` when there is none and the demo is not wanted. A socket that exists counts even if
 * nobody listens: a tailnet that is down must not turn into a demo. Throws a `TailscaleError` for a malformed proxy URL.
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
    // What may not be looked at is there all the same: the transport then says which right is missing.
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
