import { execFile } from 'node:child_process';
import { say } from '../domain/said';
import { timedOut, tooLarge } from './bounded-request';
import { TailscaleError } from './tailscale';

export type BoundedCommand = {
  command: string;
  /** Passed unchanged: there is no shell. */
  argv: readonly string[];
  timeoutMs: number;
  maxBytes: number;
};

/** `exitCode` is null when the time was up and the process was killed; its output until then is included. */
export type CommandOutput = {
  /** The command line, for messages. */
  origin: string;
  exitCode: number | null;
  stdout: string;
  stderr: string;
};

/**
 * Runs a command without a shell, for at most `timeoutMs`, then kills it. Resolves with any exit code, whose meaning is
 * up to the caller. Rejects with a `TailscaleError` when it cannot be started, is ended by another process, or prints
 * more than `maxBytes`.
 */
export function boundedCommand(call: BoundedCommand): Promise<CommandOutput> {
  const origin = [call.command, ...call.argv].join(' ');
  const options = {
    timeout: call.timeoutMs,
    maxBuffer: call.maxBytes,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    windowsHide: true,
  } as const;
  return new Promise((resolve, reject) => {
    execFile(call.command, call.argv, options, (fault, stdout, stderr) => {
      if (fault === null) return resolve({ origin, exitCode: 0, stdout, stderr });
      if (typeof fault.code === 'number') {
        return resolve({ origin, exitCode: fault.code, stdout, stderr });
      }
      const code: unknown = fault.code;
      if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
        return reject(tooLarge(origin, call.maxBytes));
      }
      if (typeof code === 'string') return reject(explainStart(call.command, code, fault));
      if (fault.killed) return resolve({ origin, exitCode: null, stdout, stderr });
      const signal = String(fault.signal);
      reject(new TailscaleError('unreachable', say('tailscaled.ended', { origin, signal })));
    });
  });
}

/** Returns the output of a successful command; otherwise throws the error that `explain` makes of it. */
export function expectSuccess(
  output: CommandOutput,
  timeoutMs: number,
  explain: (output: CommandOutput) => TailscaleError,
): string {
  if (output.exitCode === null) throw timedOut(output.origin, timeoutMs);
  if (output.exitCode !== 0) throw explain(output);
  return output.stdout;
}

function explainStart(command: string, code: string, cause: Error): TailscaleError {
  if (code === 'ENOENT') {
    return new TailscaleError('unreachable', say('tailscaled.noCommand', { command }), { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new TailscaleError('permission', say('tailscaled.mayNotRun', { command }), { cause });
  }
  return new TailscaleError(
    'unreachable',
    say('tailscaled.notStarted', { command, code: code ?? '' }),
    { cause },
  );
}
