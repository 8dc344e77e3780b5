import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The settings that keep the server's memory small (docs/BENCHMARKS.md): flags of Node for its heap, and variables of
 * glibc, which otherwise keeps some 50 MB of freed memory. The image and the systemd unit start Node with the same
 * settings.
 * @type {{ flags: string[], variables: Record<string, string> }}
 */
const lean = JSON.parse(readFileSync(new URL('lean-node.json', import.meta.url), 'utf8'));

/**
 * Runs `serve` in a Node with these settings, which are read only when a process starts: in this one if it has them,
 * else in one that replaces it. Only on Linux: other systems have no glibc.
 * @param {() => void} serve
 */
export function inLeanNode(serve) {
  if (process.platform !== 'linux' || isLean()) {
    // The process that started this one was killed before it could forward a signal.
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    process.channel?.unref();
    serve();
    return;
  }
  const args = [...lean.flags, ...process.execArgv, ...process.argv.slice(1)];
  const env = { ...lean.variables, ...process.env };
  // From Node 22.15 on the process can replace itself; before that there are two.
  const { execve } = /** @type {{ execve?: (...command: unknown[]) => void }} */ (process);
  if (execve) execve(process.execPath, [process.execPath, ...args], env);
  else runBeside(args, env);
}

const isLean = () =>
  lean.flags.every((flag) => process.execArgv.includes(flag)) &&
  Object.keys(lean.variables).every((name) => name in process.env);

/** Forwards signals, and ends as the child does. @param {string[]} args @param {NodeJS.ProcessEnv} env */
function runBeside(args, env) {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  child.on('exit', (code, signal) => {
    process.off('SIGINT', passOn).off('SIGTERM', passOn);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
