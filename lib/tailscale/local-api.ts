import { statSync } from 'node:fs';
import { type SaidValue, say } from '../domain/said';
import { checkedAddress, withPort } from './address';
import { firstLine, readAnswer } from './answer';
import { boundedRequest } from './bounded-request';
import { netcheckByCommand } from './cli';
import { derpMapFromBody } from './derp-map-wire';
import * as limits from './limits';
import { followLines } from './line-stream';
import { MapReader } from './map-wire';
import { pongFromBody } from './ping-wire';
import { statusFromBody } from './status-wire';
import { type Pong, type Tailscale, TailscaleError } from './tailscale';
import { countedFromBody } from './user-metrics-wire';
import { whoisFromBody } from './whois-wire';

export type LocalApiOptions = {
  socketPath: string;
  /** The `tailscale` command; needed only for netcheck. */
  cli?: string;
  now?: () => number;
  /** Overrides the 5 s of a call, and the 15 s of netcheck and ping. */
  timeoutMs?: number;
  /** Pause between two pings, so that their spread is meaningful. */
  pingGapMs?: number;
};

/**
 * tailscaled's LocalAPI: HTTP over its unix socket (tailscale.com/ipn/localapi, version 1.102). Reading needs no rights
 * beyond the socket's own (mode 0666). It has no netcheck: that runs the `tailscale` command, or is `unsupported`
 * without one.
 */
export function localApi(options: LocalApiOptions): Tailscale {
  const { socketPath, cli, now = Date.now, pingGapMs = 200 } = options;
  const timeoutMs = options.timeoutMs ?? limits.CALL_TIMEOUT_MS;

  const ask = async (
    name: string,
    query = '',
    bounds: { method?: 'GET' | 'POST'; timeoutMs?: number; maxBytes?: number } = {},
  ) => {
    const origin = { said: say('tailscaled.tailscaleds', { name, socket: socketPath }) };
    const { status, body } = await boundedRequest({
      to: { socketPath },
      method: bounds.method ?? 'GET',
      path: `/localapi/v0/${name}${query}`,
      // No Origin and no Referer: with them tailscaled assumes a browser and answers 403.
      headers: { Host: 'local-tailscaled.sock' },
      timeoutMs: bounds.timeoutMs ?? timeoutMs,
      maxBytes: bounds.maxBytes ?? limits.ANSWER_MAX_BYTES,
      origin,
      explain: (fault) => explainSocket(socketPath, fault),
    });
    return { origin, status, body };
  };
  const read = async <T>(
    answer: Awaited<ReturnType<typeof ask>>,
    reader: (body: string) => T | Promise<T>,
  ) => {
    if (answer.status !== 200) throw refused(answer);
    return readAnswer(answer.origin, answer.body, reader);
  };

  const pingOnce = async (query: string, pingTimeoutMs: number): Promise<Pong> => {
    try {
      const bounds = { method: 'POST', timeoutMs: pingTimeoutMs } as const;
      return await read(await ask('ping', query, bounds), pongFromBody);
    } catch (error) {
      // tailscaled waits forever for a silent peer: a timeout here is an unanswered ping, not a fault.
      if (error instanceof TailscaleError && error.reason === 'timeout') {
        return { ok: false, error: 'timed out' };
      }
      throw error;
    }
  };

  const watchMap: Tailscale['watchMap'] = async (onMap, signal) => {
    const origin = { said: say('tailscaled.tailscaleds', { name: BUS, socket: socketPath }) };
    const reader = new MapReader();
    const status = await followLines(
      {
        socketPath,
        path: `/localapi/v0/${BUS}?mask=${MAP_AND_CHANGES}`,
        headers: { Host: 'local-tailscaled.sock' },
        timeoutMs,
        maxBytes: limits.STATUS_MAX_BYTES,
        signal,
        origin,
        explain: (fault) => explainSocket(socketPath, fault),
      },
      async (line) => {
        const read = await readAnswer(origin, line, (text) => reader.take(text));
        if (read === 'changed') onMap(reader.facts());
        return read !== 'anew';
      },
    );
    return status === 200;
  };

  return {
    source: 'localapi',
    location: socketPath,
    status: async () => {
      const before = runOf(socketPath);
      const answer = await ask('status', '', { maxBytes: limits.STATUS_MAX_BYTES });
      const run = runOf(socketPath) === before ? before : null;
      return { ...(await read(answer, (body) => statusFromBody(body, now()))), run };
    },
    whois: async (address, port) => {
      const ip = checkedAddress(address);
      // Without a protocol tailscaled waits for a connection of each, holding up everything else it is asked.
      const query = `?addr=${encodeURIComponent(withPort(ip, port))}${port === undefined ? '' : '&proto=tcp'}`;
      const answer = await ask('whois', query);
      return answer.status === 404 ? null : read(answer, (body) => whoisFromBody(body, ip));
    },
    ping: async (address, { count, patienceMs = limits.PING_TIMEOUT_MS }) => {
      const query = `?ip=${encodeURIComponent(checkedAddress(address))}&type=disco`;
      const pongs: Pong[] = [];
      const end = performance.now() + (options.timeoutMs ?? limits.SLOW_CALL_TIMEOUT_MS);
      for (let left = limits.pingCount(count); left > 0; left--) {
        if (pongs.length > 0) await new Promise((wake) => setTimeout(wake, pingGapMs));
        const share = (end - performance.now()) / left - pingGapMs;
        const pong = await pingOnce(query, Math.min(patienceMs, Math.max(100, share)));
        pongs.push(pong);
        // tailscaled's own errors (no such peer, our own address) do not change when it is asked again.
        if (!pong.ok && pong.error !== 'timed out') break;
      }
      return pongs;
    },
    netcheck: async () => {
      if (cli) return netcheckByCommand({ command: cli, socketPath, timeoutMs: options.timeoutMs });
      throw new TailscaleError('unsupported', say('tailscaled.netcheckNeeds'));
    },
    derpMap: async () => read(await ask('derpmap'), derpMapFromBody),
    countedByPath: async () => {
      const answer = await ask('usermetrics');
      return answer.status === 404 ? null : read(answer, countedFromBody);
    },
    watchMap,
  };
}

const BUS = 'watch-ipn-bus';
/**
 * The network map first (bit 3), then devices that change or leave (bit 12), without making whole devices of what is
 * not of interest here, such as endpoints (bit 15). Versions that do not know the last two ignore them.
 */
const MAP_AND_CHANGES = (1 << 3) | (1 << 12) | (1 << 15);

/** Returns what tells this run of tailscaled from others: it makes its socket anew at each start; `null`: not known. */
function runOf(socketPath: string): string | null {
  try {
    const socket = statSync(socketPath);
    return socket.isSocket() ? `${socket.ino}.${Math.floor(socket.mtimeMs)}` : null;
  } catch {
    return null;
  }
}

function refused({ origin, status, body }: { origin: SaidValue; status: number; body: string }) {
  const said = { said: say('tailscaled.answered', { origin, status, words: firstLine(body) }) };
  if (status === 401 || status === 403) {
    return new TailscaleError('permission', say('tailscaled.asOperator', { said }));
  }
  if (status === 404 || status === 405 || status === 501) {
    return new TailscaleError('unsupported', say('tailscaled.update', { said }));
  }
  return new TailscaleError(
    status >= 500 ? 'unreachable' : 'bad_answer',
    say('tailscaled.seeLog', { said }),
  );
}

function explainSocket(socketPath: string, fault: NodeJS.ErrnoException): TailscaleError {
  const cause = { cause: fault };
  switch (fault.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new TailscaleError(
        'unreachable',
        say('tailscaled.noSocket', { socket: socketPath }),
        cause,
      );
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return new TailscaleError(
        'unreachable',
        say('tailscaled.nothingListens', { socket: socketPath }),
        cause,
      );
    case 'EACCES':
    case 'EPERM':
      return new TailscaleError(
        'permission',
        say('tailscaled.mayNotOpen', { socket: socketPath }),
        cause,
      );
    default:
      return new TailscaleError(
        /^(HPE_|ERR_HTTP)/.test(fault.code ?? '') ? 'bad_answer' : 'unreachable',
        say('tailscaled.broke', { socket: socketPath, code: fault.code ?? fault.message }),
        cause,
      );
  }
}
