import { LRUCache } from '../../util/lru';
import type { Meaning } from '../json-fields';

/**
 * The names that people give the fields of a JSON access log, best first. Spelling does not matter: they are compared
 * without case, blanks, `_`, `-`, `.` and `@`, so `remoteAddr`, `remote-addr` and ECS's `http.request.method`, flat or
 * nested, are found. `x_forwarded_for`, `xff`, `true_client_ip`, `real_ip` and the like do not count as the client's
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
  ],
  /** nginx's own name: always the peer, or what the real-IP module made of it. */
  remoteAddress: ['remoteaddr', 'remoteaddress'],
  client: ['clientip', 'client', 'clientaddr', 'clientaddress', 'ip'],
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
  method: ['requestmethod', 'method', 'httpmethod', 'httprequestmethod', 'verb'],
  request: ['request', 'requestline', 'reqline', 'httprequest'],
  target: ['requesturi', 'urloriginal', 'originalrequesturi'],
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
  ],
  status: [
    'status',
    'statuscode',
    'httpstatus',
    'responsestatus',
    'httpresponsestatuscode',
    'responsecode',
    'code',
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
  ],
  milliseconds: [
    'requesttimems',
    'responsetimems',
    'durationms',
    'latencyms',
    'timetakenms',
    'elapsedms',
  ],
  microseconds: ['requesttimeus', 'responsetimeus', 'durationus', 'timetakenus', 'timeus'],
  nanoseconds: ['durationns', 'eventduration'],
  agent: ['httpuseragent', 'useragent', 'agent', 'useragentoriginal', 'ua'],
  host: ['httphost', 'vhost', 'virtualhost', 'requesthost', 'authority', 'urldomain'],
  server: ['host', 'servername', 'domain'],
  contentType: ['senthttpcontenttype', 'contenttype', 'responsecontenttype'],
  logger: ['logger'],
  traefik: ['clienthost', 'downstreamstatus', 'routername', 'entrypointname'],
  tsdproxy: ['proxyname'],
  level: ['level', 'severity', 'lvl'],
  message: ['msg', 'message'],
} as const;

export type JsonField = keyof typeof NAMES;

/** Fields that a single program writes, each with that program, which has a reader of its own. */
export const OWN_FIELDS = [
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
  for (const [rank, name] of NAMES[field].entries()) MEANINGS.set(name, { field, rank });
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
  const whole = MEANINGS.get(spelling(path));
  if (whole !== undefined) return whole;
  const last = spelling(path.slice(path.lastIndexOf('.') + 1));
  return UNMISTAKABLE.has(last) ? MEANINGS.get(last) : undefined;
}

function spelling(name: string): string {
  return name.toLowerCase().replace(/[_\-.@ ]/g, '');
}
