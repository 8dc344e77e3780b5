/** One request, as a web server logs it. */
export type LoggedRequest = {
  /** Epoch milliseconds. */
  time: number;
  ip: string;
  method: string;
  path: string;
  /** With its `?`, or empty. */
  query: string;
  status: number;
  bytes: number;
  responseMs: number;
  userAgent: string;
};

/** Formats a request as a line of an access log, without its line break. */
export type LineWriter = (request: LoggedRequest) => string;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const iso = (time: number) => new Date(time).toISOString();

/** Formats a time (epoch milliseconds) like nginx's `$time_local` in UTC. */
export function localTime(time: number): string {
  const date = new Date(time);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const clock = iso(time).slice(11, 19);
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}

const common: LineWriter = ({ ip, time, method, path, query, status, bytes }) =>
  `${ip} - - [${localTime(time)}] "${method} ${path}${query} HTTP/1.1" ${status} ${bytes}`;
const combined: LineWriter = (request) => `${common(request)} "-" "${request.userAgent}"`;
const timed: LineWriter = (request) =>
  `${combined(request)} ${(request.responseMs / 1_000).toFixed(3)}`;

/** As Caddy 2.11 logs a browser's request over TLS. */
const caddy: LineWriter = ({ ip, time, method, path, query, status, bytes, ...rest }) =>
  JSON.stringify({
    level: 'info',
    ts: time / 1_000 + 0.123456,
    logger: 'http.log.access.log0',
    msg: 'handled request',
    request: {
      remote_ip: ip,
      remote_port: '51034',
      client_ip: ip,
      proto: 'HTTP/2.0',
      method,
      host: 'notes.home.example',
      uri: `${path}${query}`,
      headers: {
        'Sec-Fetch-Site': ['same-origin'],
        Accept: ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
        'Accept-Language': ['en-GB,en;q=0.5'],
        'Accept-Encoding': ['gzip, deflate, br, zstd'],
        Referer: ['https://notes.home.example/'],
        'User-Agent': [rest.userAgent],
        Cookie: ['REDACTED'],
        'If-None-Match': ['"7Qz4mK1pVt8sXw2bNc6dRf0gHj3yLa5u"'],
      },
      tls: {
        resumed: false,
        version: 772,
        cipher_suite: 4865,
        proto: 'h2',
        server_name: 'notes.home.example',
      },
    },
    bytes_read: 0,
    user_id: '',
    duration: rest.responseMs / 1_000 + 0.000123,
    size: bytes,
    status,
    resp_headers: {
      Server: ['Caddy'],
      'Alt-Svc': ['h3=":443"; ma=2592000'],
      'Content-Type': ['text/html; charset=utf-8'],
      Vary: ['Accept-Encoding'],
    },
  });

const traefik: LineWriter = ({ ip, time, method, path, query, status, bytes, responseMs }) =>
  JSON.stringify({
    ClientAddr: `${ip}:63261`,
    ClientHost: ip,
    ClientPort: '63261',
    ClientUsername: '-',
    DownstreamContentSize: bytes,
    DownstreamStatus: status,
    Duration: responseMs * 1_000_000,
    OriginContentSize: bytes,
    OriginDuration: responseMs * 1_000_000 - 1_000,
    OriginStatus: status,
    Overhead: 1_000,
    RequestAddr: 'git.home.example',
    RequestContentSize: 0,
    RequestCount: 12,
    RequestHost: 'git.home.example',
    RequestMethod: method,
    RequestPath: `${path}${query}`,
    RequestPort: '-',
    RequestProtocol: 'HTTP/2.0',
    RequestScheme: 'https',
    RetryAttempts: 0,
    RouterName: 'git@docker',
    ServiceAddr: '172.18.0.9:3000',
    ServiceName: 'git@docker',
    ServiceURL: 'http://172.18.0.9:3000',
    StartLocal: iso(time),
    StartUTC: iso(time),
    entryPointName: 'websecure',
    level: 'info',
    msg: '',
    time: iso(time),
  });

const traefikCommon: LineWriter = (request) =>
  `${combined(request)} 162 "git@docker" "http://172.18.0.9:3000" ${request.responseMs}ms`;

const nginxJson: LineWriter = ({ ip, time, method, path, query, status, bytes, ...rest }) =>
  JSON.stringify({
    time_iso8601: `${iso(time).slice(0, 19)}+00:00`,
    remote_addr: ip,
    remote_user: '',
    request: `${method} ${path}${query} HTTP/2.0`,
    uri: path,
    status: String(status),
    body_bytes_sent: String(bytes),
    request_time: (rest.responseMs / 1_000).toFixed(3),
    http_referer: '',
    http_user_agent: rest.userAgent,
  });

const npm: LineWriter = ({ ip, time, method, path, query, status, bytes, userAgent }) =>
  `[${localTime(time)}] - ${status} ${status} - ${method} https photos.home.example "${path}${query}" [Client ${ip}] [Length ${bytes}] [Gzip -] [Sent-to 192.168.50.7] "${userAgent}" "-"`;

const haproxy: LineWriter = ({ ip, time, method, path, query, status, bytes, responseMs }) =>
  `${ip}:33317 [${localTime(time).slice(0, 20)}.655] http-in static/srv1 10/0/30/69/${responseMs} ${status} ${bytes} - - ---- 1/1/0/0/0 0/0 "${method} ${path}${query} HTTP/1.1"`;

const lighttpd: LineWriter = (request) =>
  combined(request).replace(' - - ', ' notes.home.example - ');

const ingressNginx: LineWriter = (request) => {
  const { status, bytes } = request;
  const seconds = (request.responseMs / 1_000).toFixed(3);
  return `${combined(request)} 458 ${seconds} [web-blog-80] [] 10.42.0.17:5000 ${bytes} ${seconds} ${status} 830f5081a7740db11eb2ffbce625dafc`;
};

const oauth2Proxy: LineWriter = ({ ip, time, method, path, query, status, bytes, ...rest }) =>
  `${ip} - 0c9f - ana@example.org [${iso(time).slice(0, 19).replaceAll('-', '/').replace('T', ' ')}] wiki.home.example ${method} / "${path}${query}" HTTP/1.1 "${rest.userAgent}" ${status} ${bytes} ${(rest.responseMs / 1_000).toFixed(3)}`;

const tsdproxy: LineWriter = ({ ip, time, method, path, query, status, responseMs }) =>
  JSON.stringify({
    level: status >= 400 ? 'error' : 'info',
    proxyname: 'wiki',
    port: '443/https',
    status,
    method,
    host: 'wiki.tail1a2b.ts.net',
    client: ip.includes(':') ? `[${ip}]:54321` : `${ip}:54321`,
    url: `${path}${query}`,
    elapsed: responseMs,
    time: `${iso(time).slice(0, 19)}Z`,
    message: status >= 400 ? 'error' : 'request',
  });

const docker: LineWriter = (request) =>
  JSON.stringify({ log: `${combined(request)}\n`, stream: 'stdout', time: iso(request.time) });

/** The log formats, by the name that measurements and tests show. */
export const LOG_LINES = {
  combined,
  'combined+time': timed,
  common,
  vhost: (request) => `cloud.home.example:443 ${combined(request)}`,
  'vhost common': (request) => `cloud.home.example:443 ${common(request)}`,
  'nginx JSON': nginxJson,
  'Caddy JSON': caddy,
  'Traefik JSON': traefik,
  'Traefik common': traefikCommon,
  'Nginx Proxy Manager': npm,
  HAProxy: haproxy,
  lighttpd,
  'ingress-nginx': ingressNginx,
  'oauth2-proxy': oauth2Proxy,
  TSDProxy: tsdproxy,
  "combined in Docker's json-file": docker,
} satisfies Record<string, LineWriter>;
