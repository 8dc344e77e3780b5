import type { AddressKind } from './address';
import type { Choice } from './choice';

/**
 * What made a request, as far as its User-Agent shows. `script`: an HTTP tool or library that a person runs (curl,
 * python-requests).
 */
export const CLIENT_KINDS = ['browser', 'mobile', 'script', 'bot', 'unknown'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/**
 * A hit's log position, which identifies it. `file` is the store's number for the file, `offset` the line's first byte.
 */
type LogPosition = { file: number; offset: number };

/** One parsed access-log line. `null` means that the log does not say; it is never replaced by 0. */
export type Hit = {
  position: LogPosition;
  /** Epoch milliseconds. */
  time: number;
  ip: string;
  method: string | null;
  /** The virtual host that was requested: the service. In lower case and without a port. */
  host: string | null;
  /** Without the query string, which may hold secrets; `null` when the request line was not HTTP. */
  path: string | null;
  /** The normalised path, see `lib/access-log/endpoint.ts`. */
  endpoint: string;
  status: number | null;
  responseMs: number | null;
  bytes: number | null;
  client: ClientKind;
};

/** What a log line says of a hit: everything but its log position. */
export type ParsedHit = Omit<Hit, 'position'>;

/** What a hit is counted under: an endpoint belongs to a host. */
export type HostEndpoint = Pick<Hit, 'host' | 'endpoint'>;

/**
 * Who is behind an address. An address that changes hands gets a new visitor, so its history stays with the old one.
 */
export type Visitor = {
  id: number;
  ip: string;
  kind: AddressKind;
  /** `null` until whois has answered with a match. */
  identity: { nodeId: string; device: string; user: string; userName: string } | null;
};

/** A line that no format could parse, kept as a sample to show. */
export type RejectedLine = { position: LogPosition; line: string; reason: string };

/**
 * A run of rejected lines in a file: all lines that begin at or after offset `start` and before `end`. `knowledge` is
 * what they were rejected by, see `lib/access-log/knowledge.ts`.
 */
export type RejectedRange = { file: number; start: number; end: number; knowledge: string };

/** An exact code, a class of codes (`4xx` = 400 to 499), or everything. */
export type StatusFilter = { code: number } | { class: number };

/** A whole name, or what it begins with. */
export type EndpointTerm = string | { prefix: string };

/** What a filter calls the host of hits whose log names none. No host can be called so. */
export const NO_HOST = '(none)';
/** What the hosts past the most that are told apart are counted as together. No host can be called so either. */
export const OTHER_HOST = '(other)';

/**
 * Bots and clients outside the tailnet are left out unless asked for. Names are compared exactly; a single one is a
 * choice of one.
 */
export type AccessFilter = {
  user?: string | Choice<string>;
  /** Machine names and device ids. */
  device?: string | Choice<string>;
  endpoint?: EndpointTerm | Choice<EndpointTerm>;
  /** Hosts, or `NO_HOST`. */
  host?: string | Choice<string>;
  status?: StatusFilter | Choice<StatusFilter>;
  /** Part of the endpoint, the host, the device's name, or the user's login or name; in any case. */
  text?: string;
  /** Only hits that this collector read, where several write to one store. */
  collector?: string;
  bots: boolean;
  nonTailnet: boolean;
};

/** From `from` up to, but not including, `to`; epoch milliseconds. */
export type TimeRange = { from: number; to: number };

/** A hit as shown: with names, and its log position reduced to a cursor. */
export type NamedHit = Omit<Hit, 'position'> & {
  user: string;
  device: string;
  /** `null` when the device is not known. */
  deviceId: string | null;
  bot: boolean;
};

/** Who a range's hits are by, counted apart; those from outside the tailnet are in none of the numbers. */
export type VisitorCounts = {
  /** Distinct users of untagged devices. */
  people: number;
  /** Distinct tagged devices. */
  servers: number;
  /** Distinct tailnet addresses, or devices, whose user is not known. */
  unnamed: number;
};

type EndpointUsage = {
  endpoint: string;
  host: string | null;
  hits: number;
  /** Distinct names in the place of a user: each set of tags is one, and all unnamed addresses together. */
  users: number;
  people: number;
  /** Responses of 400 and above. */
  errors: number;
  /** Milliseconds; `null` when no hit had a response time. */
  p50Ms: number | null;
  p95Ms: number | null;
};
type UserUsage = {
  user: string;
  userName: string;
  hits: number;
  errors: number;
  devices: number;
};
type DeviceUsage = {
  /** `null`: an address that is not named, or clients outside the tailnet. */
  id: string | null;
  device: string;
  user: string;
  hits: number;
  errors: number;
};
export type HostUsage = {
  /** `null`: the log does not name it. */
  host: string | null;
  hits: number;
  users: number;
  people: number;
  devices: number;
  errors: number;
  p50Ms: number | null;
  p95Ms: number | null;
  bytes: number;
  /** The start of its last bucket, once the hits themselves are no longer kept. */
  lastAccess: number;
  /** Hits by bucket of the range, as in the answer's `series`. */
  series: number[];
};
type UsagePoint = { time: number; hits: number; users: number; people: number; errors: number };

/** What the dashboard shows of a range. Lists are sorted by hits, most first, and bounded. */
export type Usage = {
  totalAccesses: number;
  /** As `users` of an endpoint. */
  uniqueUsers: number;
  visitors: VisitorCounts;
  uniqueDevices: number;
  bytes: number;
  /** Also of single endpoints: `LONGEST_LATENCY` is that long or longer. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** How far p50 and p95, those of endpoints too, may be from the true ones, as a share of these. */
  responseTimeError: number;
  topEndpoints: EndpointUsage[];
  byUser: UserUsage[];
  byDevice: DeviceUsage[];
  byHost: HostUsage[];
  byStatus: Record<string, number>;
  /** Every bucket of the range, empty ones too. `time` is the bucket's start. */
  series: UsagePoint[];
  /** How long a point's period usually is. */
  stepMs: number;
  /** The time zone whose days the points follow. */
  timeZone: string;
  /** Hits of the range that the filter leaves out only because of their client, and that no number above includes. */
  leftOut: { bots: number; loopback: number; nonTailnet: number };
};

/** The numbers a range is compared by. */
export type UsageTotals = { hits: number; users: number; visitors: VisitorCounts };
