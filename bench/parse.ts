import { randomBytes } from 'node:crypto';
import { type Chunk, eachLine } from '../lib/access-log/chunks';
import { createLineParser } from '../lib/access-log/parse';
import { digits, median } from './numbers';
import { printTable, verdict } from './table';
import { hitsOf, type Traffic, type TrafficHit } from './traffic';

/** Measures parsing alone, a format at a time, on one core: bytes of a chunk → hits. */
const TRAFFIC: Traffic = { hits: 200_000, days: 7, end: Date.UTC(2026, 10, 20) };
const ROUNDS = 5;
const CHUNK = 1024 * 1024;
/** Lines per second that Caddy's JSON has to reach. */
const CADDY_TARGET = 250_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

type Writer = (hit: TrafficHit) => string;

function local(time: number): string {
  const date = new Date(time);
  const clock = date.toISOString().slice(11, 19);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${clock} +0000`;
}

const combined: Writer = ({ ip, time, method, path, query, status, bytes, userAgent }) =>
  `${ip} - - [${local(time)}] "${method} ${path}${query} HTTP/1.1" ${status} ${bytes} "-" "${userAgent}"`;
const timed: Writer = (hit) => `${combined(hit)} ${(hit.responseMs / 1_000).toFixed(3)}`;
const session = randomBytes(24).toString('hex');

/** Formats a line as Caddy 2.11 writes a browser's request over TLS. */
const caddy: Writer = ({ ip, time, method, path, query, status, bytes, userAgent, responseMs }) =>
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
        'User-Agent': [userAgent],
        Cookie: ['REDACTED'],
        'If-None-Match': [`"${session}"`],
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
    duration: responseMs / 1_000 + 0.000123,
    size: bytes,
    status,
    resp_headers: {
      Server: ['Caddy'],
      'Alt-Svc': ['h3=":443"; ma=2592000'],
      'Content-Type': ['text/html; charset=utf-8'],
      Vary: ['Accept-Encoding'],
    },
  });

const traefik: Writer = ({ ip, time, method, path, query, status, bytes, responseMs }) =>
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
    StartLocal: new Date(time).toISOString(),
    StartUTC: new Date(time).toISOString(),
    entryPointName: 'websecure',
    level: 'info',
    msg: '',
    time: new Date(time).toISOString(),
  });

const nginxJson: Writer = ({ ip, time, method, path, query, status, bytes, userAgent, ...hit }) =>
  JSON.stringify({
    time_iso8601: `${new Date(time).toISOString().slice(0, 19)}+00:00`,
    remote_addr: ip,
    remote_user: '',
    request: `${method} ${path}${query} HTTP/2.0`,
    uri: path,
    status: String(status),
    body_bytes_sent: String(bytes),
    request_time: (hit.responseMs / 1_000).toFixed(3),
    http_referer: '',
    http_user_agent: userAgent,
  });

const npm: Writer = ({ ip, time, method, path, query, status, bytes, userAgent }) =>
  `[${local(time)}] - ${status} ${status} - ${method} https photos.home.example "${path}${query}" [Client ${ip}] [Length ${bytes}] [Gzip -] [Sent-to 192.168.50.7] "${userAgent}" "-"`;

const haproxy: Writer = ({ ip, time, method, path, query, status, bytes, responseMs }) =>
  `${ip}:33317 [${local(time).slice(0, 20)}.655] http-in static/srv1 10/0/30/69/${responseMs} ${status} ${bytes} - - ---- 1/1/0/0/0 0/0 "${method} ${path}${query} HTTP/1.1"`;

const docker: Writer = (hit) =>
  JSON.stringify({
    log: `${combined(hit)}\n`,
    stream: 'stdout',
    time: new Date(hit.time).toISOString(),
  });

const FORMATS: Record<string, Writer> = {
  combined,
  'combined+time': timed,
  vhost: (hit) => `cloud.home.example:443 ${combined(hit)}`,
  'nginx JSON': nginxJson,
  'Caddy JSON': caddy,
  'Traefik JSON': traefik,
  'Nginx Proxy Manager': npm,
  HAProxy: haproxy,
  "combined in Docker's json-file": docker,
};

const rows: string[][] = [];
const asked = process.argv.slice(2);
for (const [name, writer] of Object.entries(FORMATS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const chunks = chunksOf(writer);
  const speeds = Array.from({ length: ROUNDS }, () => speedOf(chunks));
  const speed = median(speeds);
  const mark = name === 'Caddy JSON' ? verdict(speed >= CADDY_TARGET) : '';
  rows.push([name, digits(speed), digits(bytesOf(chunks) / TRAFFIC.hits), mark]);
}
printTable(
  `parse: ${digits(TRAFFIC.hits)} lines each, medians of ${ROUNDS} runs`,
  ['format', 'lines a second', 'bytes a line', `reach ${digits(CADDY_TARGET)}`],
  rows,
);

function chunksOf(writer: Writer): Chunk[] {
  const chunks: Chunk[] = [];
  let text = '';
  let offset = 0;
  const flush = () => {
    const bytes = Buffer.from(text);
    const nextOffset = offset + bytes.length;
    chunks.push({
      text: bytes.toString('latin1'),
      ascii: true,
      offset,
      nextOffset,
      oversized: false,
    });
    offset = nextOffset;
    text = '';
  };
  for (const hit of hitsOf(TRAFFIC)) {
    text += `${writer(hit)}\n`;
    if (text.length >= CHUNK) flush();
  }
  flush();
  return chunks;
}

function bytesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { text }) => sum + text.length, 0);
}

/** Returns lines per second; every line has to be a hit. */
function speedOf(chunks: readonly Chunk[]): number {
  const parser = createLineParser();
  let hits = 0;
  let sample = '';
  // For this process alone, so that other load on the machine does not count.
  const started = process.cpuUsage();
  for (const chunk of chunks) {
    eachLine(chunk, (line) => {
      const reading = parser.parse(line ?? '');
      if (reading !== null && typeof reading !== 'string') hits++;
      else sample ||= `${reading}: ${line}`;
    });
  }
  const took = process.cpuUsage(started).user / 1_000;
  if (hits !== TRAFFIC.hits) throw new Error(`only ${hits} lines are hits; ${sample}`);
  return (hits / took) * 1_000;
}
