import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** @typedef {{ code: number, output: string }} Ended `output` is empty unless captured. */

/**
 * Runs a program in the checkout and waits for it. SIGTERM and SIGINT received meanwhile are forwarded, and end this
 * process once the program has ended: nothing is left running.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, capture?: boolean, timeoutMs?: number }} [options]
 * @returns {Promise<Ended>}
 */
export function run(file, args, { env, capture = false, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
      timeout: timeoutMs,
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });

    /** @type {NodeJS.Signals | undefined} */
    let asked;
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      asked = signal;
      child.kill(signal);
    };
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    const settle = () => process.off('SIGINT', passOn).off('SIGTERM', passOn);

    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code) => {
      settle();
      if (asked) process.kill(process.pid, asked);
      else resolve({ code: code ?? 1, output });
    });
  });
}
