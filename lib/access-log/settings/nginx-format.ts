import type { Layout, Part } from './layout';
import { MEANINGS, type MeaningName } from './variables';

const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

/** Source: https://nginx.org/en/docs/http/ngx_http_log_module.html and `ngx_http_core_module`, "Embedded variables". */
const VARIABLES: Record<string, MeaningName> = {
  remote_addr: 'address',
  time_local: 'clfTime',
  time_iso8601: 'time',
  msec: 'time',
  request: 'request',
  request_method: 'method',
  request_uri: 'target',
  uri: 'rewritten',
  document_uri: 'rewritten',
  status: 'status',
  body_bytes_sent: 'bytes',
  bytes_sent: 'bytes',
  request_time: 'seconds',
  http_user_agent: 'agent',
  http_host: 'host',
  host: 'host',
  server_name: 'host',
  sent_http_content_type: 'contentType',
};

/** Written by nginx itself, never by a client: a word. */
const OWN =
  /^(?:realip_remote_addr|realip_remote_port|remote_port|hostname|pid|connection|connection_requests|server_(?:addr|port|protocol)|scheme|https|http2|http3|pipe|gzip_ratio|request_(?:length|id|completion)|ssl_(?:protocol|cipher|curve|session_reused)|binary_remote_addr|proxy_protocol_addr|tcpinfo_\w+|geoip2?_\w*code\w*|limit_\w+|nginx_version)$/;

/** Returns the layout of an nginx `log_format` string. Throws an Error that says what is wrong with it. */
export function nginxLayout(given: string): Layout {
  const format = given.replaceAll('\\t', '\t');
  const parts: Part[] = [];
  let end = 0;
  for (const match of format.matchAll(VARIABLE)) {
    const literal = format.slice(end, match.index);
    const name = match[1] ?? match[2] ?? '';
    const part = { literal, variable: `$${name}`, ...MEANINGS[meaningOf(name)] };
    if (parts.length > 0 && literal === '') refuseUnlessApart(parts.at(-1), part);
    parts.push(part);
    end = match.index + match[0].length;
  }
  requireFields(parts, '$remote_addr', '$time_local, $time_iso8601 or $msec', 'set_real_ip_from');
  return { parts, end: format.slice(end) };
}

function meaningOf(name: string): MeaningName {
  const field = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (field !== undefined) return field;
  if (/^(?:upstream_|proxy_upstream_name|proxy_alternative_upstream_name)/.test(name))
    return 'list';
  return OWN.test(name) ? 'token' : 'free';
}

/**
 * Refuses adjacent variables, except that a host has no slash and a target begins with one, so those two may be
 * adjacent.
 */
export function refuseUnlessApart(before: Part | undefined, part: Part): void {
  const apart = before?.field === 'host' && (part.field === 'target' || part.field === 'rewritten');
  if (before === undefined || apart) return;
  throw new Error(
    `nothing stands between ${before.variable} and ${part.variable}, so they cannot be told apart`,
  );
}

/** Requires that a format says who, and when. */
export function requireFields(
  parts: readonly Part[],
  address: string,
  times: string,
  remedy: string,
): void {
  const fields = new Set(parts.map((part) => part.field));
  if (!fields.has('ip')) {
    throw new Error(
      `the format has no ${address}, so nobody could tell who made a request (a forwarded header can be forged; let the web server put the real address into ${address} with ${remedy})`,
    );
  }
  if (!fields.has('time')) throw new Error(`the format has no time: add ${times}`);
}
