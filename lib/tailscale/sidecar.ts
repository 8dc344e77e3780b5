import type { DerpMap } from '../domain/netcheck';
import { type SaidValue, say } from '../domain/said';
import { checkedAddress, withPort } from './address';
import { explainWords, firstLine, readAnswer } from './answer';
import { boundedRequest } from './bounded-request';
import * as limits from './limits';
import { mapFromBody } from './map-wire';
import { netcheckFromWire, parseNetcheck, regionCodes } from './netcheck-wire';
import { pongsFromText } from './ping-text';
import { pongsFromBody } from './ping-wire';
import { statusFromBody } from './status-wire';
import { type Tailscale, TailscaleError } from './tailscale';
import { countedFromBody } from './user-metrics-wire';
import { saysNoMatch, whoisFromBody } from './whois-wire';

export type SidecarOptions = {
  /** The proxy's URL, such as `http://127.0.0.1:8765`; a path in it is kept. */
  url: string;
  now?: () => number;
  /** Overrides the 5 s of a call, and the 15 s of netcheck and ping. */
  timeoutMs?: number;
};

/**
 * The HTTP proxy beside a tailscaled in another container (`sidecar/`): it answers with the output of the `tailscale`
 * command there. It decides itself how many pings to send; no more than requested are returned. Throws a
 * `TailscaleError` for a malformed URL.
 */
export function sidecar(options: SidecarOptions): Tailscale {
  const { now = Date.now } = options;
  const url = checkedUrl(options.url);
  // Without any credentials in it: this is shown on pages and in logs.
  const location = url.origin + url.pathname.replace(/\/$/, '');
  const quick = options.timeoutMs ?? limits.CALL_TIMEOUT_MS;
  const slow = options.timeoutMs ?? limits.SLOW_CALL_TIMEOUT_MS;

  const ask = async (path: string, timeoutMs: number, maxBytes = limits.ANSWER_MAX_BYTES) => {
    const origin = { said: say('tailscaled.sidecars', { place: `${location}${path}` }) };
    const explain = (fault: NodeJS.ErrnoException) => explainConnection(location, fault);
    const bounds = { timeoutMs, maxBytes, origin, explain };
    const answer = await boundedRequest({ to: { url }, method: 'GET', path, ...bounds });
    return { origin, ...answer };
  };
  const read = async <T>(
    answer: Awaited<ReturnType<typeof ask>>,
    reader: (body: string) => T | Promise<T>,
  ) => {
    if (answer.status !== 200) throw refused(answer);
    const words = answer.body.includes('{') ? null : firstLine(answer.body);
    const explained = words && explainWords(answer.origin, words);
    if (explained) throw explained;
    return readAnswer(answer.origin, answer.body, reader);
  };
  const status = async () =>
    read(await ask('/status', quick, limits.STATUS_MAX_BYTES), (body) =>
      statusFromBody(body, now()),
    );
  const netcheck = async () => read(await ask('/netcheck', slow), parseNetcheck);

  return {
    source: 'sidecar',
    location,
    status,
    whois: async (address, port) => {
      const ip = checkedAddress(address);
      const answer = await ask(`/whois/${withPort(ip, port)}`, quick);
      if (answer.status === 404 || saysNoMatch(answer.body)) return null;
      return read(answer, (body) => whoisFromBody(body, ip));
    },
    ping: async (address, { count }) => {
      const ip = checkedAddress(address);
      const most = limits.pingCount(count);
      // With fractions of a millisecond; an older sidecar, or one with an older command, has only the text.
      const exact = await ask(`/pongs/${ip}`, slow);
      if (exact.status === 200 && exact.body.trimStart().startsWith('[')) {
        return (await read(exact, pongsFromBody)).slice(0, most);
      }
      const answer = await ask(`/ping/${ip}`, slow);
      const pongs = pongsFromText(answer.body).slice(0, most);
      if (pongs.length > 0) return pongs;
      return read(answer, () => {
        throw new TailscaleError(
          'bad_answer',
          say('tailscaled.noPing', {
            ...{ origin: answer.origin, beginning: JSON.stringify(firstLine(answer.body, 80)) },
          }),
        );
      });
    },
    netcheck: async () => netcheckFromWire(await netcheck()),
    derpMap: async () => {
      const [nets, tailnet] = await Promise.all([netcheck(), status()]);
      const codes = regionCodes(nets);
      const home = tailnet.devices.find((device) => device.self)?.relayRegion;
      if (nets.PreferredDERP && home) codes.set(String(nets.PreferredDERP), home);
      if (codes.size > 0) return mapOf(codes);
      throw new TailscaleError('unsupported', say('tailscaled.noRegions', { location }));
    },
    countedByPath: async () => {
      const answer = await ask('/metrics', quick);
      return answer.status === 404 ? null : read(answer, countedFromBody);
    },
    watchMap: async (onMap) => {
      const answer = await ask('/map', quick, limits.STATUS_MAX_BYTES);
      const map = answer.status === 404 ? null : await read(answer, mapFromBody);
      if (map) onMap(map);
      return map !== null;
    },
  };
}

/**
 * The sidecar has no DERP map, so a region is known only by its code, and only those that netcheck and status mention.
 */
function mapOf(codes: Map<string, string>): DerpMap {
  return Object.fromEntries([...codes].map(([region, code]) => [region, { code, name: code }]));
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new TailscaleError('unsupported', say('tailscaled.noHttp'));
}

function refused({ origin, status, body }: { origin: SaidValue; status: number; body: string }) {
  const said = { said: say('tailscaled.answered', { origin, status, words: firstLine(body) }) };
  if (status === 401 || status === 403) {
    return new TailscaleError('permission', say('tailscaled.letIn', { said }));
  }
  if (status === 504) {
    return new TailscaleError('timeout', say('tailscaled.restartSidecar', { said }));
  }
  if (status === 404) {
    return new TailscaleError('unsupported', say('tailscaled.updateSidecar', { said }));
  }
  if (status >= 500 || status === 429) {
    return new TailscaleError('unreachable', say('tailscaled.sidecarLog', { said }));
  }
  return new TailscaleError('bad_answer', say('tailscaled.isItSidecar', { said }));
}

function explainConnection(location: string, fault: NodeJS.ErrnoException): TailscaleError {
  const cause = { cause: fault };
  const word = fault.code ?? fault.message;
  if (word === 'ECONNREFUSED') {
    return new TailscaleError('unreachable', say('tailscaled.startSidecar', { location }), cause);
  }
  if (word === 'ENOTFOUND' || word === 'EAI_AGAIN') {
    return new TailscaleError('unreachable', say('tailscaled.notResolved', { location }), cause);
  }
  if (word.startsWith('HPE_')) {
    return new TailscaleError('bad_answer', say('tailscaled.noHttpThere', { location }), cause);
  }
  return new TailscaleError(
    'unreachable',
    say('tailscaled.sidecarBroke', { location, code: word }),
    cause,
  );
}
