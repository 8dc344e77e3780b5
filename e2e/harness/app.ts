import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { HealthResponse } from '../../lib/api/service-schemas';
import { collect, end, freePort, lastWords, until } from './process';

/** The checkout, in which Playwright runs. */
export const root = process.cwd();

const START_MS = 30_000;

export type AppOptions = {
  /** Settings, on top of a clean environment: nothing of the developer's own reaches the app. */
  env?: Record<string, string>;
  /** Kept when given, so that an app can be started on it again; otherwise a temporary one that `stop` removes. */
  dataDir?: string;
  port?: number;
};

export type RunningApp = {
  /** Without a slash at the end. */
  url: string;
  dataDir: string;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Asks the app to end (SIGTERM), waits for it, and returns its exit code; null when it had to be killed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Kills it like a power cut. Its data directory stays. */
  kill9(): Promise<void>;
  /** Resolves when /healthz answers 200. */
  waitHealthy(timeoutMs?: number): Promise<void>;
  /** Resolves when its log, which has accesses, has been read to the end. Until then pages and counts grow. */
  waitRead(): Promise<void>;
};

/**
 * Starts the production build as `npm start` does and resolves once /healthz answers, whatever the status. The build
 * must exist: `npm test` makes sure of that.
 */
export async function startApp(options: AppOptions = {}): Promise<RunningApp> {
  const port = options.port ?? (await freePort());
  const dataDir =
    options.dataDir ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'observatory-data-')));
  const url = `http://${options.env?.HOST ?? '127.0.0.1'}:${port}`;
  const { PATH = '', HOME = '' } = process.env;
  const { args, env } = await startCommand();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      NODE_ENV: 'production',
      PATH,
      HOME,
      ...env,
      TZ: 'UTC',
      ...options.env,
      PORT: String(port),
      DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const story = (what: string) => `${what}\nstdout: ${stdout()}\nstderr: ${stderr()}`;

  const removeTemporary = async () => {
    if (!options.dataDir) await fs.rm(dataDir, { recursive: true, force: true });
  };
  const app: RunningApp = {
    url,
    dataDir,
    pid: child.pid ?? 0,
    stdout,
    stderr,
    async stop(signal = 'SIGTERM') {
      const code = await end(child, signal);
      await removeTemporary();
      return code;
    },
    async kill9() {
      await end(child, 'SIGKILL');
    },
    async waitHealthy(timeoutMs = START_MS) {
      await until(
        async () => (await status(url)) === 200,
        timeoutMs,
        () => story(`${url}/healthz was not 200 within ${timeoutMs} ms`),
      );
    },
    async waitRead() {
      const isRead = async () => {
        const health: HealthResponse = await (await fetch(`${url}/healthz`)).json();
        return health.access_log.hits > 0 && health.access_log.backlog_bytes === 0;
      };
      await until(isRead, START_MS, () => story(`the log was not read within ${START_MS} ms`));
    },
  };

  try {
    await until(
      async () => {
        if (child.exitCode !== null) {
          await lastWords(child);
          throw new Error(story(`the app ended (${child.exitCode})`));
        }
        return status(url);
      },
      START_MS,
      () => story(`${url}/healthz did not answer within ${START_MS} ms`),
    );
  } catch (error) {
    await app.stop('SIGKILL');
    throw error;
  }
  return app;
}

/**
 * Returns what `npm start` passes to Node on Linux, and the variables it sets for the C library: a single process
 * serves from the start.
 */
export async function startCommand(): Promise<{ args: string[]; env: Record<string, string> }> {
  const lean = await fs.readFile(path.join(root, 'scripts/lean-node.json'), 'utf8');
  const { flags, variables }: { flags: string[]; variables: Record<string, string> } =
    JSON.parse(lean);
  return { args: [...flags, 'scripts/start.mjs'], env: variables };
}

const status = (url: string): Promise<number | undefined> =>
  fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.status,
    () => undefined,
  );
