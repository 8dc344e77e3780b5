import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { collect, end, freePort, until } from './process';

const execute = promisify(execFile);
const START_MS = 30_000;

type Vector = { metric: Record<string, string>; value: [time: number, value: string] }[];
export type Prometheus = {
  url: string;
  /** Returns what an expression gives now. Throws what Prometheus has against it. */
  query(expression: string): Promise<Vector>;
  /** Returns the state of each target by its job. */
  targets(): Promise<Record<string, { health: string; lastError: string }>>;
  stop(): Promise<void>;
};

/** Returns whether Debian's package `prometheus`, which has `promtool`, is installed. */
export async function hasPrometheus(): Promise<boolean> {
  try {
    await execute('promtool', ['--version']);
    await execute('prometheus', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** Runs `promtool ARGS` with this input; returns whether it had nothing against it, and what it said. */
export async function promtool(
  args: string[],
  input = '',
): Promise<{ ok: boolean; output: string }> {
  const run = execute('promtool', args, { maxBuffer: 16 * 2 ** 20 });
  run.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await run;
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return { ok: false, output: `${stdout}${stderr}` || String(error) };
  }
}

/** Starts a Prometheus of its own with this configuration; `config` may name files by their absolute paths. */
export async function startPrometheus(config: string): Promise<Prometheus> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'prometheus-'));
  const file = path.join(folder, 'prometheus.yml');
  await fs.writeFile(file, config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder },
  );
  const stderr = collect(child.stderr);
  const stop = async () => {
    await end(child, 'SIGTERM');
    await fs.rm(folder, { recursive: true, force: true });
  };
  const ready = async () => {
    if (child.exitCode !== null) throw new Error(`prometheus ended: ${stderr()}`);
    const answer = await fetch(`${url}/-/ready`).catch(() => null);
    return answer?.ok;
  };
  try {
    await until(ready, START_MS, () => `prometheus was not ready: ${stderr()}`);
  } catch (error) {
    await stop();
    throw error;
  }
  const ask = async (call: string) => {
    const response = await fetch(`${url}/api/v1/${call}`);
    const answer = await response.json();
    if (answer.status !== 'success') throw new Error(`${call}: ${answer.error}`);
    return answer.data;
  };
  return {
    url,
    query: async (expression) =>
      (await ask(`query?query=${encodeURIComponent(expression)}`)).result,
    targets: async () => {
      const { activeTargets } = await ask('targets');
      return Object.fromEntries(
        activeTargets.map((one: { labels: { job: string }; health: string; lastError: string }) => [
          one.labels.job,
          { health: one.health, lastError: one.lastError },
        ]),
      );
    },
    stop,
  };
}
