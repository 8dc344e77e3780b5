import { clientOf } from '../client';
import { closingQuote } from '../escapes';
import { addressOf, bytesOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { methodOf, NO_REQUEST, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';
import { trailingFields } from './trailing-fields';

/** Up to the URI's quote: `[time] cache upstream status - method scheme host "`, or without cache and upstream. */
const START =
  /^\[([^\]]{10,40})\] (?:\S+ (?:\d{1,3}|-)(?:(?:, | : )(?:\d{1,3}|-))* )?(\d{3}|-) - (\S+) (\S+) (\S+) "/;
/** After the URI; only nginx writes here, up to the agent. Some add brackets of their own. */
const BEHIND =
  /^ \[Client (\[[^\]]+\](?::\d+)?|[^\]]+)\](?: \[(?!Length)[^\]]*\]){0,6} \[Length ([^\]]+)\](?: \[[^\]]*\]){1,6} "/;
const STREAM = /^\[[^\]]{10,40}\] \[Client [^\]]+\] (?:TCP|UDP) /;

/** Returns whether a line is in one of Nginx Proxy Manager's formats. */
export function looksLikeNpm(line: string): boolean {
  return START.test(line) || STREAM.test(line);
}

/**
 * Reads Nginx Proxy Manager's `proxy` and `standard` formats. The client is in `[Client …]` after the quoted URI and
 * nowhere else, whatever the URI, the host or the agent contain. Its TCP streams contain no requests. Source:
 * NginxProxyManager/nginx-proxy-manager `docker/rootfs/etc/nginx/conf.d/include/log-proxy.conf`, `log-stream.conf`.
 */
export function createNpm(): FormatReader {
  const timeOf = createTimeReader();

  function read(line: string): Reading {
    const start = START.exec(line);
    if (start === null)
      return STREAM.test(line) ? NOT_AN_ACCESS : "not Nginx Proxy Manager's format";
    const [{ length }, when = '', statusText = '', methodText = '', , hostText = ''] = start;
    const uriEnd = closingQuote(line, length);
    const behind = uriEnd < 0 ? null : BEHIND.exec(line.slice(uriEnd + 1));
    if (behind === null) return 'no [Client …] behind the address that was asked for';
    const [{ length: behindLength }, address = '', bytesText = ''] = behind;
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = timeOf(when);
    if (Number.isNaN(time)) return `no such time: ${shown(when)}`;
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const bytes = bytesOf(bytesText);
    if (Number.isNaN(bytes)) return `not a number of bytes: ${shown(bytesText)}`;
    const method = methodOf(methodText);
    const uri = line.substring(length, uriEnd);
    const { path, endpoint } = method === null || uri === '-' ? NO_REQUEST : targetOf(uri);
    const agentAt = uriEnd + 1 + behindLength;
    const agentEnd = closingQuote(line, agentAt);
    const client = clientOf(agentEnd < 0 ? null : line.substring(agentAt, agentEnd));
    const responseMs = responseTime(timeBehind(line, agentEnd), status, method);
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs,
      bytes,
      client,
      host: hostOf(hostText),
    };
  }

  return { format: 'npm', read };
}

/** Returns the response time that people append to the referer; `null` when there is none, as in NPM's own formats. */
function timeBehind(line: string, agentEnd: number): number | null {
  const referer = agentEnd < 0 ? -1 : closingQuote(line, agentEnd + 3);
  if (referer < 0 || referer + 1 >= line.length) return null;
  const { ms } = trailingFields(line, referer + 1);
  return ms < 0 ? null : ms;
}
