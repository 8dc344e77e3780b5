import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { root, startCommand } from './app';
import { lab } from './lab';
import { collect, end, lastWords, until } from './process';

const execute = promisify(execFile);

/** The capabilities that docker-compose.yml leaves the container, and no more. */
const CAPABILITIES = '-all,+net_admin,+setuid,+setgid,+kill,+chown';
/** Loopback only: the product's own tailscaled must not send telemetry. */
const QUIET = {
  TS_NO_LOGS_NO_SUPPORT: '1',
  TS_ASSUME_NETWORK_UP_FOR_TEST: '1',
  TS_PANIC_IF_HIT_MAIN_CONTROL: '1',
  TS_DISABLE_PORTMAPPER: '1',
};
const CONTROL = '127.0.0.1:9911';
const SOCKS = '127.0.0.1:1099';

export type Part = {
  pid: number;
  output(): string;
  /** Its exit code, once it has ended by itself. */
  ended(timeoutMs: number): Promise<number | null>;
  stop(): Promise<number | null>;
};

/**
 * Provides what a container has and a test can set up without an engine: a network separate from this machine's, with a
 * coordination server and a visitor in it. Needs root and /dev/net/tun.
 */
export async function container() {
  const { cli } = lab();
  const bin = path.dirname(cli);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'observatory-container-'));
  await chmod(folder, 0o755);
  const at = (...names: string[]) => path.join(folder, ...names);
  await Promise.all(['bin', 'var', 'visitor'].map((name) => mkdir(at(name))));
  for (const name of ['tailscale', 'tailscaled', 'control'])
    await cp(path.join(bin, name), at('bin', name));
  await cp(path.join(root, 'sidecar'), at('opt'), { recursive: true });
  const logrotate = await readFile(at('opt/logrotate.conf'), 'utf8');
  await writeFile(at('opt/logrotate.conf'), logrotate.replaceAll('/var/', `${at('var')}/`));

  const parts: ChildProcess[] = [];
  const spawned = (
    file: string,
    args: string[],
    env: Record<string, string>,
    cwd = folder,
  ): Part => {
    const child = spawn(file, args, {
      cwd,
      env: { NODE_ENV: 'production', PATH: `${at('bin')}:${process.env.PATH}`, ...QUIET, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    parts.push(child);
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const output = () => stdout() + stderr();
    return {
      pid: child.pid ?? 0,
      output,
      stop: () => end(child, 'SIGTERM'),
      async ended(timeoutMs) {
        await until(
          () => child.exitCode !== null || child.signalCode !== null,
          timeoutMs,
          () => `it runs on: ${output()}`,
        );
        await lastWords(child);
        return child.exitCode;
      },
    };
  };
  const holder = spawned(
    'unshare',
    ['--net', 'sh', '-c', 'ip link set lo up && echo up && exec sleep infinity'],
    {},
  );
  await until(
    () => holder.output().includes('up'),
    5_000,
    () => `no network of our own: ${holder.output()}`,
  );
  const within = [`--net=/proc/${holder.pid}/ns/net`];
  // Docker sets this in every container.
  await execute('nsenter', [...within, 'sysctl', '-qw', 'net.ipv4.ip_unprivileged_port_start=0']);

  const run = async (...command: string[]) =>
    (
      await execute('nsenter', [...within, ...command], {
        env: { NODE_ENV: 'production', PATH: `${at('bin')}:${process.env.PATH}` },
      })
    ).stdout;
  const begin = (command: string[], env: Record<string, string> = {}, cwd?: string) =>
    spawned('nsenter', [...within, ...command], env, cwd);
  const socket = at('var/tailscaled.sock');
  const visitorSocket = at('visitor/tailscaled.sock');

  const control = begin([at('bin/control'), '-addr', CONTROL]);
  await until(
    () => control.output().includes('coordination server'),
    5_000,
    () => control.output(),
  );
  const visitor = begin([
    at('bin/tailscaled'),
    `--statedir=${at('visitor')}`,
    `--socket=${visitorSocket}`,
    '--tun=userspace-networking',
    `--socks5-server=${SOCKS}`,
  ]);

  return {
    at,
    /** Runs a program inside to its end; returns its stdout. */
    run,
    /** Runs `sidecar/tailscale-start.sh` as the container starts it: as root, with few capabilities. */
    startSidecar: (env: Record<string, string> = {}) =>
      begin(
        [
          'setpriv',
          `--bounding-set=${CAPABILITIES}`,
          '--inh-caps=-all',
          at('opt/tailscale-start.sh'),
        ],
        {
          TS_LOGIN_SERVER: `http://${CONTROL}`,
          TS_SERVE: 'http',
          TS_STATE_DIR: at('state'),
          TAILSCALE_SOCKET: socket,
          NGINX_PREFIX: at('var'),
          NGINX_USER: 'www-data',
          PROXY_USER: 'nobody',
          ...env,
        },
      ),
    /** The built app, as `npm start` starts it, beside the sidecar. */
    startApp: async (env: Record<string, string>) =>
      begin(
        [process.execPath, ...(await startCommand()).args],
        { DATA_DIR: at('data'), DEMO: '0', ...env },
        root,
      ),
    /** Starts any other program inside. */
    begin,
    /** Joins the visitor to the tailnet, and waits until it knows the device of that name. */
    async join(name: string) {
      await until(
        () =>
          run('test', '-S', visitorSocket).then(
            () => true,
            () => false,
          ),
        5_000,
        visitor.output,
      );
      await run(
        'tailscale',
        `--socket=${visitorSocket}`,
        'up',
        `--login-server=http://${CONTROL}`,
        '--hostname=visitor',
        '--timeout=30s',
      );
      const knows = () =>
        run('tailscale', `--socket=${visitorSocket}`, 'status').then((text) => text.includes(name));
      await until(knows, 20_000, () => `the visitor does not see ${name}`);
      return (await run('tailscale', `--socket=${visitorSocket}`, 'ip', '-4')).trim();
    },
    /** Runs `curl ARGS` as the visitor, through the tailnet; rejects when there is no connection. */
    visit: (...args: string[]) =>
      run('curl', '-sS', '--max-time', '8', '--proxy', `socks5h://${SOCKS}`, ...args),
    ownAddress: async () => (await run('tailscale', `--socket=${socket}`, 'ip', '-4')).trim(),
    async remove() {
      for (const child of parts.reverse()) await end(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
