import type { Netcheck } from '../domain/netcheck';
import { type Said, type SaidValue, say } from '../domain/said';
import { checkedAddress, withPort } from './address';
import { explainWords, readAnswer, reasonsIn } from './answer';
import { boundedCommand, type CommandOutput, expectSuccess } from './bounded-command';
import { timedOut } from './bounded-request';
import { derpMapFromBody } from './derp-map-wire';
import * as limits from './limits';
import { mapFromBody } from './map-wire';
import { netcheckFromWire, parseNetcheck } from './netcheck-wire';
import { pongsFromText } from './ping-text';
import { statusFromBody } from './status-wire';
import { type Tailscale, TailscaleError } from './tailscale';
import { countedFromBody } from './user-metrics-wire';
import { saysNoMatch, whoisFromBody } from './whois-wire';

export type CliOptions = {
  /** The `tailscale` command: a path, or a name on PATH. */
  command: string;
  /** tailscaled's socket if it is not the usual one. */
  socketPath?: string;
  now?: () => number;
  /** Overrides the 6 s of a call, and the 15 s of netcheck and ping. */
  timeoutMs?: number;
};

/** How long the command may take to print the network map. */
const MAP_MS = 2_000;

/** Uses the `tailscale` command, run once per call with an argument vector and never through a shell. */
export function cli(options: CliOptions): Tailscale {
  const { command, now = Date.now } = options;
  const quick = options.timeoutMs ?? limits.COMMAND_TIMEOUT_MS;

  const read = async <T>(
    argv: string[],
    maxBytes: number,
    reader: (body: string) => T | Promise<T>,
  ) => {
    const output = await run(options, argv, quick, maxBytes);
    return readAnswer(output.origin, expectSuccess(output, quick, explainExit), reader);
  };

  return {
    source: 'cli',
    location: command,
    status: () =>
      read(['status', '--json'], limits.STATUS_MAX_BYTES, (body) => statusFromBody(body, now())),
    whois: async (address, port) => {
      const ip = checkedAddress(address);
      const argv = ['whois', '--json', withPort(ip, port)];
      const output = await run(options, argv, quick, limits.ANSWER_MAX_BYTES);
      if (output.exitCode !== 0 && saysNoMatch(output.stderr)) return null;
      const body = expectSuccess(output, quick, explainExit);
      return readAnswer(output.origin, body, (text) => whoisFromBody(text, ip));
    },
    ping: async (address, { count, patienceMs = limits.PING_TIMEOUT_MS }) => {
      const ip = checkedAddress(address);
      const timeoutMs = options.timeoutMs ?? limits.SLOW_CALL_TIMEOUT_MS;
      return pongsFromRun(
        await run(options, pingArgv(ip, count, patienceMs), timeoutMs, limits.ANSWER_MAX_BYTES),
        timeoutMs,
      );
    },
    netcheck: () => netcheckByCommand(options),
    derpMap: () => read(['debug', 'derp-map'], limits.ANSWER_MAX_BYTES, derpMapFromBody),
    countedByPath: async () => {
      const argv = ['metrics', 'print'];
      const output = await run(options, argv, quick, limits.ANSWER_MAX_BYTES);
      // Commands before 1.78 do not know it.
      if (/unknown (sub)?command/i.test(`${output.stderr}${output.stdout}`)) return null;
      const body = expectSuccess(output, quick, explainExit);
      return readAnswer(output.origin, body, countedFromBody);
    },
    watchMap: async (onMap) => {
      // What changes would follow until it is stopped; commands that cannot do it say so at once.
      const argv = ['debug', 'localapi', 'GET', 'watch-ipn-bus?mask=8'];
      const output = await run(options, argv, MAP_MS, limits.STATUS_MAX_BYTES);
      const map = await readAnswer(output.origin, output.stdout, mapFromBody);
      if (map) onMap(map);
      return map !== null;
    },
  };
}

/**
 * Runs `tailscale netcheck` for the transports without a netcheck of their own. It measures from where this app runs.
 * Limited to 15 s.
 */
export async function netcheckByCommand(options: CliOptions): Promise<Netcheck> {
  const timeoutMs = options.timeoutMs ?? limits.SLOW_CALL_TIMEOUT_MS;
  const output = await run(
    options,
    ['netcheck', '--format=json'],
    timeoutMs,
    limits.ANSWER_MAX_BYTES,
  );
  const body = expectSuccess(output, timeoutMs, (failed) =>
    explainExit(failed, (said) => say('tailscaled.checkInternet', { said })),
  );
  return readAnswer(output.origin, body, (text) => netcheckFromWire(parseNetcheck(text)));
}

function run(options: CliOptions, argv: string[], timeoutMs: number, maxBytes: number) {
  const socket = options.socketPath === undefined ? [] : [`--socket=${options.socketPath}`];
  return boundedCommand({
    command: options.command,
    argv: [...socket, ...argv],
    timeoutMs,
    maxBytes,
  });
}

/**
 * Returns the arguments of a ping. The command waits a second after every pong, so about 14 pings fit into 15 s. When
 * none is answered, the timeouts together must fit too.
 */
function pingArgv(ip: string, count: number, patienceMs: number): string[] {
  const pings = Math.min(limits.pingCount(count), 14);
  const timeoutMs = Math.floor(Math.min(patienceMs, (limits.SLOW_CALL_TIMEOUT_MS - 500) / pings));
  return ['ping', '--c', String(pings), '--until-direct=false', '--timeout', `${timeoutMs}ms`, ip];
}

function pongsFromRun(output: CommandOutput, timeoutMs: number) {
  const pongs = pongsFromText(`${output.stdout}\n${output.stderr}`);
  if (pongs.length > 0) return pongs;
  if (output.exitCode === null) throw timedOut(output.origin, timeoutMs);
  throw explainExit(output);
}

/** Explains by the words that it printed; `unknown` is for words that are not known, which is the last line then. */
function explainExit(
  { origin, stdout, stderr, exitCode }: CommandOutput,
  unknown: (said: SaidValue) => Said = (said) => say('tailscaled.isItCommand', { said }),
): TailscaleError {
  const onStderr = reasonsIn(stderr);
  const reasons = onStderr.length > 0 ? onStderr : reasonsIn(stdout);
  for (const words of reasons) {
    const explained = explainWords(origin, words);
    if (explained) return explained;
  }
  const words = reasons.at(-1);
  if (words === undefined) {
    return new TailscaleError(
      'bad_answer',
      say('tailscaled.exitCode', { origin, code: String(exitCode) }),
    );
  }
  const said = { said: say('tailscaled.failed', { origin, words }) };
  return new TailscaleError('bad_answer', unknown(said));
}
