import { spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { root } from './app';
import { collect, end, freePort, lastWords, until } from './process';

/** Debian's `nobody`: may open tailscaled's socket, and nothing else. */
export const NOBODY = 65_534;

export type RunningProxy = {
  url: string;
  port: number;
  /** The process id of socat, which listens. */
  pid: number;
  /** The `tailscale` that it runs, in a folder that `nobody` can read. */
  command: string;
  stderr(): string;
  /** Replaces the `tailscale` command while the proxy runs; without a script it is gone. */
  setCommand(script?: string): Promise<void>;
  /** Returns the command's calls so far, one per line. */
  calls(): Promise<string[]>;
  stop(): Promise<number | null>;
};

export type ProxyOptions = {
  /** The `tailscale` program to copy to a folder that `nobody` can read; or a `/bin/sh` script to replace it. */
  command: { program: string } | { script: string };
  socket?: string;
  env?: Record<string, string>;
  /** The user it runs as, if the test may choose. */
  uid?: number;
};

/**
 * The `status --json` of a tailscaled with a TUN device, for scripts that replace the command: the proxy asks before it
 * listens.
 */
export const WITH_TUN = 'case "$*" in *--peers=false) echo \'{ "TUN": true }\'; exit ;; esac';

/**
 * Starts the sidecar's real proxy script, from a folder that an unprivileged user can read. Rejects when it ends
 * immediately.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'observatory-proxy-'));
  await chmod(folder, 0o755);
  const file = (name: string) => path.join(folder, name);
  const { command } = options;
  const setCommand = async (script?: string) => {
    await rm(file('tailscale'), { force: true });
    if (script === undefined) return;
    const recorder = `printf '%s\\n' "$*" >>'${file('calls')}'`;
    await writeFile(file('tailscale'), `#!/bin/sh\n${recorder}\n${script}\n`, { mode: 0o755 });
  };
  await writeFile(file('calls'), '');
  await chmod(file('calls'), 0o666);
  if ('script' in command) await setCommand(command.script);
  else await cp(command.program, file('tailscale'));
  await cp(path.join(root, 'sidecar/tailscale-http-server.sh'), file('tailscale-http-server.sh'));

  const uid = options.uid ?? NOBODY;
  const child = spawn(file('tailscale-http-server.sh'), [], {
    cwd: '/',
    ...(process.getuid?.() === 0 && { uid, gid: uid }),
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      TAILSCALE_CLI: file('tailscale'),
      TAILSCALE_SOCKET: options.socket ?? '/nonexistent/tailscaled.sock',
      TAILSCALE_PROXY_PORT: String(port),
      ...options.env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = collect(child.stderr);
  const stop = async () => {
    const code = await end(child, 'SIGTERM');
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  try {
    await until(
      async () => {
        if (child.exitCode !== null) {
          await lastWords(child);
          throw new Error(`the proxy ended (${child.exitCode}): ${stderr()}`);
        }
        return listens(port);
      },
      10_000,
      () => `the proxy does not listen: ${stderr()}`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    command: file('tailscale'),
    stderr,
    setCommand,
    calls: async () => (await readFile(file('calls'), 'utf8')).split('\n').filter(Boolean),
    stop,
  };
}

/** Returns whether a connection to that port is accepted. */
export function listens(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host, timeout: 2_000 });
    const settle = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

export type RawAnswer = { status: number; head: string; body: string; ms: number };

/** Sends bytes unchanged and reads until the other side closes. A status of 0: closed without an answer. */
export function sendRaw(
  port: number,
  bytes: string | Buffer | ((socket: net.Socket) => void),
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = net.connect({ port, host: '127.0.0.1', timeout: 40_000 });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('connect', () =>
      typeof bytes === 'function' ? bytes(socket) : socket.write(bytes),
    );
    socket.once('timeout', () => socket.destroy(new Error('no end within 40 s')));
    // Writing after the answer causes a reset; the answer still counts.
    let fault: Error | undefined;
    socket.once('error', (error) => {
      fault = error;
    });
    socket.once('close', () => {
      if (fault && chunks.length === 0) return reject(fault);
      const text = Buffer.concat(chunks).toString('utf8');
      const [head = '', ...rest] = text.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status, head, body: rest.join('\r\n\r\n'), ms: performance.now() - began });
    });
  });
}

/** Sends a GET like a program on this machine, with its path unchanged. */
export const get = (port: number, target: string, ...headers: string[]) =>
  sendRaw(port, [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n'));

/** Returns the error message of a proxy that refuses to start. */
export async function refusedStart(options: ProxyOptions): Promise<string> {
  return startProxy(options).then(
    async (proxy) => {
      await proxy.stop();
      throw new Error('it started');
    },
    (error: unknown) => String(error),
  );
}
