import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const leanNode = path.join(process.cwd(), 'scripts/lean-node.mjs');
const { flags, variables } = JSON.parse(
  readFileSync(path.join(process.cwd(), 'scripts/lean-node.json'), 'utf8'),
);

/** Serves until SIGTERM, which it answers with exit code 7; prints what it was started with. */
const PROGRAM = `
import { inLeanNode } from ${JSON.stringify(pathToFileURL(leanNode).href)};
inLeanNode(() => {
  process.on('SIGTERM', () => { console.log('ending'); process.exit(7); });
  setInterval(() => {}, 1_000);
  const { pid, execArgv, argv, env } = process;
  console.log(JSON.stringify({ pid, execArgv, args: argv.slice(2), env }));
});
`;

let folder: string;
let child: ChildProcess;
let output: () => string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lean-node-'));
  writeFileSync(path.join(folder, 'program.mjs'), PROGRAM);
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the program and waits for what it prints about itself. */
async function start(nodeArgs: string[] = [], env: Record<string, string> = {}) {
  child = spawn(process.execPath, [...nodeArgs, path.join(folder, 'program.mjs'), 'word'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  output = () => text;
  while (!text.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
  const started: { pid: number; execArgv: string[]; args: string[]; env: NodeJS.ProcessEnv } =
    JSON.parse(text);
  return started;
}

describe.runIf(process.platform === 'linux')('npm start, on Linux,', () => {
  it('serves in a Node whose heap and C library give memory back, and keeps its arguments', async () => {
    const { execArgv, args, env } = await start(['--no-warnings']);
    expect(execArgv).toEqual([...flags, '--no-warnings']);
    expect(args).toEqual(['word']);
    expect(env).toMatchObject(variables);
  });

  it('leaves variables alone that are set already', async () => {
    const { env } = await start([], { MALLOC_ARENA_MAX: '8' });
    expect(env).toMatchObject({ ...variables, MALLOC_ARENA_MAX: '8' });
  });

  it('serves in the process it was started in when that has the settings', async () => {
    const { pid } = await start(flags, variables);
    expect(pid).toBe(child.pid);
  });

  it('passes SIGTERM on, and ends with the exit code of what served', async () => {
    await start();
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    expect(await closed).toEqual([7, null]);
    expect(output()).toContain('ending');
  });

  it('ends by the signal that ended what served', async () => {
    const { pid } = await start();
    const closed = once(child, 'close');
    process.kill(pid, 'SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
  });

  it('leaves nothing running when it is killed', async () => {
    const { pid } = await start();
    // Not before the last of them has closed the output.
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    expect(output()).toContain(pid === child.pid ? '' : 'ending');
  });
});

it.runIf(process.platform !== 'linux')('serves as it is on other systems', async () => {
  const { pid } = await start();
  expect(pid).toBe(child.pid);
});
