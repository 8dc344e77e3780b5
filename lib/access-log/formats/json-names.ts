import { LRUCache } from '../../util/lru';
import type { Meaning } from '../json-fields';

/**
 * The names that people give the fields of a JSON access log, best first. Spelling does not matter: they are compared
 * without case, blanks, `_`, `-`, `.`, `:` and `@`, so `remoteAddr`, `remote-addr` and ECS's `http.request.method`, flat
 * or nested, are found. `x_forwarded_for`, `xff`, `true_client_ip`, `real_ip` and the like do not count as the client's
 * address: clients write those.
 */
const NAMES = {
  time: [
    'time',
    'timeiso8601',
    'timelocal',
    'ts',
    'timestamp',
    'msec',
    'datetime',
    'date',
    'timereceived',
    'starttime',
    'timestampiso8601',
    'isotime',
    'localtime',
    'logtime',
    'logtimestamp',
    'accesstime',
    'requesttimestamp',
    'nginxtimestamp',
    'timemsec',
    'unixtime',
    'epoch',
  ],
  /** nginx's own name: always the peer, or what the real-IP module made of it. */
  remoteAddress: ['remoteaddr', 'remoteaddress'],
  client: [
    'clientip',
    'client',
    'clientaddr',
    'clientaddress',
    'networkclientip',
    'downstreamremoteaddress',
    'ip',
  ],
  peer: [
    'remoteip',
    'remote',
    'remotehost',
    'sourceip',
    'sourceaddress',
    'srcip',
    'peer',
    'peeraddr',
  ],
  method: ['requestmethod', 'method', 'httpmethod', 'httprequestmethod', 'verb', 'reqmethod'],
  request: ['request', 'requestline', 'reqline', 'httprequest', 'httprequestline', 'req'],
  target: [
    'requesturi',
    'urloriginal',
    'originalrequesturi',
    'httprequesturi',
    'requri',
    'httpurl',
    'xenvoyoriginalpath',
    'xenvoyoriginpath',
  ],
  /** What the request may have been rewritten to. */
  rewritten: [
    'uri',
    'url',
    'path',
    'requesturl',
    'requestpath',
    'urlpath',
    'uripath',
    'documenturi',
    'httpuri',
    'httppath',
    'httpurldetailspath',
  ],
  status: [
    'status',
    'statuscode',
    'httpstatus',
    'responsestatus',
    'httpresponsestatuscode',
    'responsecode',
    'httpstatuscode',
    'httpresponsecode',
    'responsestatuscode',
    'resstatus',
    'resstatuscode',
    'httpcode',
    'code',
    'response',
  ],
  bytes: [
    'bodybytessent',
    'bytessent',
    'bytes',
    'size',
    'bodybytes',
    'responsesize',
    'responsebytes',
    'httpresponsebodybytes',
    'httpresponsebytes',
    'networkbyteswritten',
    'sentbytes',
    'respbodysize',
    'resbodylength',
    'bytesout',
  ],
  seconds: [
    'requesttime',
    'responsetime',
    'duration',
    'requestduration',
    'reqtime',
    'latency',
    'timetaken',
    'elapsed',
    'processingtime',
    'resptime',
    'totaltime',
    'rt',
    'durations',
    'durationseconds',
    'durationsec',
    'requesttimes',
    'requesttimeseconds',
    'responsetimes',
    'latencyseconds',
    'latencys',
  ],
  milliseconds: [
    'requesttimems',
    'responsetimems',
    'durationms',
    'latencyms',
    'timetakenms',
    'elapsedms',
    'timems',
    'durationmillis',
    'responsetimemillis',
    'latencymillis',
  ],
  microseconds: [
    'requesttimeus',
    'responsetimeus',
    'durationus',
    'timetakenus',
    'timeus',
    'durationmicros',
    'responsetimemicros',
  ],
  nanoseconds: ['durationns', 'eventduration'],
  agent: ['httpuseragent', 'useragent', 'agent', 'useragentoriginal', 'ua', 'clientua'],
  host: ['httphost', 'vhost', 'virtualhost', 'requesthost', 'authority', 'urldomain', 'reqhost'],
  server: ['host', 'servername', 'domain', 'sitename', 'httpurldetailshost'],
  contentType: ['senthttpcontenttype', 'contenttype', 'responsecontenttype'],
  caddy: [],
  logger: ['logger'],
  traefik: [],
  tsdproxy: ['proxyname'],
  /** Envoy's alone, whose `duration` is in milliseconds. */
  envoy: ['responseflags'],
  level: ['level', 'severity', 'lvl'],
  message: ['msg', 'message'],
} as const satisfies Record<string, readonly string[]>;

export type JsonField = keyof typeof NAMES;

/**
 * Keys that only these programs have, as they spell them. Others have a `client_host` as well, and Traefik's
 * `request_Client-Ip` is a header.
 */
const EXACTLY = new Map<string, Meaning<JsonField>>([
  ...['ClientHost', 'ClientAddr', 'DownstreamStatus', 'RouterName', 'entryPointName'].map(
    (key, rank) => [key, { field: 'traefik', rank }] as const,
  ),
  // Whatever Caddy's encoder calls the fields around it.
  ...['request.remote_ip', 'request.client_ip', 'request.remote_addr'].map(
    (key, rank) => [key, { field: 'caddy', rank }] as const,
  ),
]);
/** Objects around all fields, which say nothing about them. */
const AROUND = /^(?:core|nginx|access|fields|data|http_?access|access_?log|log|httpRequest)\./i;
/** The shortest time of all is seconds since 1970; `time` may also be how long a request took. */
const SHORTEST_TIME = 10;
/** Names that mean a field only with such values. */
const FITS: Partial<Record<string, (text: string) => boolean>> = {
  response: (text) => /^\d{1,3}$/.test(text),
  code: (text) => /^\d{1,3}$/.test(text),
  req: (text) => text.includes('/'),
};
const fitsTime = (text: string) => text.length >= SHORTEST_TIME;

/** Fields that a single program writes, each with that program, which has a reader of its own. */
export const OWN_FIELDS = [
  ['caddy', 'caddy'],
  ['logger', 'caddy'],
  ['traefik', 'traefik'],
  ['tsdproxy', 'tsdproxy'],
] as const satisfies readonly (readonly [JsonField, string])[];
export type JsonProgram = (typeof OWN_FIELDS)[number][1];

/** The names that a reason mentions. */
export const TIME_NAMES = ['time', 'time_iso8601', 'time_local', 'ts', '@timestamp', 'msec'];
export const ADDRESS_NAMES = ['remote_addr', 'clientip', 'client_ip', 'remote_ip', 'client', 'ip'];

/** nginx's own variables keep their meaning inside any object. */
const UNMISTAKABLE = new Set([
  'remoteaddr',
  'requesturi',
  'requestmethod',
  'bodybytessent',
  'requesttime',
  'httpuseragent',
  'httphost',
  'timelocal',
  'timeiso8601',
]);

const MEANINGS = new Map<string, Meaning<JsonField>>();
for (const field of fieldNames()) {
  for (const [rank, name] of NAMES[field].entries()) {
    MEANINGS.set(name, { field, rank, fits: field === 'time' ? fitsTime : FITS[name] });
  }
}

function fieldNames(): JsonField[] {
  const fields: JsonField[] = [];
  for (const field in NAMES) if (isField(field)) fields.push(field);
  return fields;
}

function isField(name: string): name is JsonField {
  return Object.hasOwn(NAMES, name);
}

const meanings = new LRUCache<string, { meaning: Meaning<JsonField> | undefined }>({ max: 2_000 });

/** Returns the meaning of a key, given its path (`http.request.method`); undefined when it has none here. */
export function meaningOf(path: string): Meaning<JsonField> | undefined {
  const before = meanings.get(path);
  if (before !== undefined) return before.meaning;
  const meaning = lookUp(path);
  if (path.length <= 100) meanings.set(path, { meaning });
  return meaning;
}

function lookUp(path: string): Meaning<JsonField> | undefined {
  const exact = EXACTLY.get(path);
  if (exact !== undefined) return exact;
  const whole = MEANINGS.get(spelling(path)) ?? MEANINGS.get(spelling(path.replace(AROUND, '')));
  if (whole !== undefined) return whole;
  const last = spelling(path.slice(path.lastIndexOf('.') + 1));
  return UNMISTAKABLE.has(last) ? MEANINGS.get(last) : undefined;
}

function spelling(name: string): string {
  return name.toLowerCase().replace(/[_\-.:@ ]/g, '');
}
