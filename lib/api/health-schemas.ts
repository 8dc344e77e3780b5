import * as z from 'zod';
import { ALERT_RULES, ALERT_STATES, SEVERITIES } from '../domain/alert';
import { SHOWN_ID } from '../domain/collector-id';
import { CONNECTION_TYPES } from '../domain/connection';
import { PATHS } from '../domain/device';
import { EVENT_KINDS } from '../domain/event';
import { PRESENCES } from '../domain/judgement';
import { count, nullableTime, responseTimeError, time } from './shared-fields';

/** The schemas of `/health-monitoring/…`: snake case, ISO 8601 UTC times, milliseconds; shares from 0 to 1. */

const ms = z.number().nonnegative().nullable().describe('milliseconds; null: not measured');
const share = z.number().min(0).max(1).nullable();
const connectionType = z.enum(CONNECTION_TYPES);

export const connectionStatsSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  self: z.boolean().describe('our own device, which has no path to itself and is not pinged'),
  connection_stats: z.object({
    hostname: z.string(),
    connection_type: connectionType,
    relay_node: z.string().describe('DERP region code, or `none`'),
    tx_bytes: count,
    rx_bytes: count,
    last_handshake: nullableTime,
    endpoint: z.string().nullable(),
  }),
  ping_stats: z.object({
    min: ms,
    max: ms,
    avg: ms,
    jitter: ms,
    count: count.describe('pongs'),
    sent: count,
    loss: share,
  }),
});

const latencyPointSchema = z.object({
  timestamp: time,
  latency_ms: ms,
  min_ms: ms,
  max_ms: ms,
  loss: share,
  sent: count.describe('pings of all rounds of the step; weigh steps by it for a mean of rounds'),
  received: count.describe('how many of them were answered'),
  connection_type: connectionType.nullable(),
});
export const latencyHistorySchema = z.object({
  hostname: z.string(),
  hours: count,
  history: z
    .array(latencyPointSchema)
    .describe(
      'at most 500, oldest first, in steps of five minutes or longer, or of the interval of the rounds where that is shorter; nulls are gaps',
    ),
});

export const latencyForecastSchema = z.object({
  hostname: z.string(),
  state: z.enum(['known', 'learning']),
  reason: z.string().nullable().describe('learning: how much is known so far'),
  slot_seconds: count.describe('the normal is that of means over so long'),
  points: z
    .array(
      z.object({
        timestamp: time,
        expected_ms: z.number().nonnegative(),
        low_ms: z.number().nonnegative(),
        high_ms: z.number().nonnegative(),
      }),
    )
    .describe('what was expected of the past before it came, at most 11 days, and of the next day'),
});

/** A device as monitoring sees it; `uptime_24h` and the rest are null until there has been a round. */
const monitoredDeviceSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  critical: z.boolean().describe('pinged each round'),
  online: z.boolean().nullable().describe('null: unknown, since our own device cannot tell'),
  state: z.enum(PRESENCES).describe('not_answering: listed as online, and no ping is answered'),
  seen_by_control: z.boolean().describe('the coordination server lists it as online'),
  path: z.enum(PATHS).describe('what was last confirmed'),
  relay_region: z.string().nullable(),
  last_seen: nullableTime.describe('when it last answered; null: now, or not known'),
  last_round: nullableTime,
  latency_ms: ms,
  loss: share,
  jitter_ms: ms,
  uptime_24h: share.describe('of the time in which it is known'),
  observed_24h_seconds: count.describe('how long it is known'),
  flaps_24h: count.describe('changes of path, and of online and offline'),
  last_day: z
    .array(z.object({ path: z.enum(PATHS).nullable(), quarters: count }))
    .nullable()
    .describe(
      'the worst path of each quarter of an hour of the last 24 hours, the running one included, oldest first; path null: not measured; null unless it is pinged each round',
    ),
});
export const monitoredDevicesSchema = z.object({
  generated_at: time,
  interval_seconds: count,
  counts: z.object({
    critical: count.describe('devices that are pinged each round'),
    direct: count.describe('of them on a direct path'),
    offline: count.describe('of them offline'),
  }),
  nodes: z.array(monitoredDeviceSchema).describe('worst first'),
});
export const summarySchema = z.object({
  generated_at: time,
  nodes: count,
  online: count,
  critical: count,
  critical_online: count,
  critical_direct: count,
  critical_relayed: count,
  latency_ms: ms.describe('mean of the last round'),
  alerts_firing: count,
  last_round: nullableTime,
});

export const firingSchema = z.object({
  count: count.describe('alerts that are firing, and neither muted nor acknowledged'),
  severity: z.enum(SEVERITIES).nullable().describe('of the worst of them; null: there is none'),
});

export const uptimeSchema = z.object({
  id: z.string(),
  hostname: z.string(),
  in_tailnet: z.boolean(),
  left_at: nullableTime.describe('when it left the tailnet; null: it has not, or it is not known'),
  hours: count,
  uptime: share.describe('of the time in which it is known; null: nothing is'),
  observed_seconds: count.describe('how long it is known'),
  rounds: z.record(connectionType, count),
  flaps: count,
  spans: z
    .array(z.object({ from: time, to: time, path: z.enum(PATHS) }))
    .describe('the path timeline; holes are times nobody looked'),
});

export const latenciesSchema = z.object({
  from: time,
  to: time,
  step_seconds: count,
  nodes: z.array(
    z.object({
      node_id: z.string(),
      hostname: z.string(),
      latency_ms: z.array(z.number().nullable()).describe('oldest first; null: no measurement'),
    }),
  ),
});

export const pathDistributionSchema = z.object({
  days: count,
  total: z.record(connectionType, count),
  nodes: z.array(
    z.object({
      node_id: z.string(),
      hostname: z.string(),
      rounds: z.record(connectionType, count),
    }),
  ),
});

export const pathSpeedSchema = z.object({
  from: time,
  to: time,
  response_time_error: responseTimeError,
  speeds: z.array(
    z.object({
      endpoint: z.string(),
      host: z.string().nullable().describe('virtual host; null: the log does not name it'),
      path: z.enum(['direct', 'peer_relay', 'relay']),
      hits: count,
      p50_ms: z.number(),
      p95_ms: z.number(),
    }),
  ),
});

const eventSchema = z.object({
  id: count,
  time,
  kind: z.enum(EVENT_KINDS),
  node_id: z.string().nullable(),
  hostname: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export const eventsSchema = z.object({
  from: time,
  to: time,
  events: z.array(eventSchema),
  next_cursor: z.string().nullable(),
});

const netcheckSchema = z.object({
  time,
  udp: z.boolean(),
  ipv4: z.boolean(),
  ipv6: z.boolean(),
  hard_nat: z.boolean().nullable().describe('the mapping changes with the destination'),
  port_mapping: z.array(z.string()).nullable(),
  captive_portal: z.boolean().nullable(),
  preferred_region: z.string().nullable(),
  regions: z.array(
    z.object({ code: z.string(), name: z.string(), latency_ms: z.number().nonnegative() }),
  ),
});
/** Why a device is relayed: a cause inferred from both ends, and what to do next. */
const causeSchema = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  next_step: z.string(),
  source: z.string().describe('where the rule is explained in docs/'),
});
export const diagnosticsSchema = z.object({
  netcheck: netcheckSchema.nullable().describe('null: none made yet'),
  error: z.string().nullable().describe('why there is no newer one'),
  relayed: z.array(
    z.object({ hostname: z.string(), node_id: z.string(), causes: z.array(causeSchema) }),
  ),
});

/** Collectors number their alerts and mutes; a replica adds whose number it is. */
const shownId = z
  .union([count, z.string().regex(SHOWN_ID)])
  .describe('a number; on a replica `collector/number`');

export const alertSchema = z.object({
  id: shownId,
  rule: z.enum(ALERT_RULES),
  topic: z.string(),
  node_id: z.string().nullable(),
  hostname: z.string().nullable(),
  state: z.enum(ALERT_STATES),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  evidence: z.array(z.object({ label: z.string(), value: z.string() })),
  since: time,
  fired_at: nullableTime,
  resolved_at: nullableTime,
  acknowledged_at: nullableTime,
  acknowledged_by: z.string().nullable(),
  muted: z.boolean(),
});
export const muteSchema = z.object({
  id: shownId,
  topic: z.string().nullable(),
  node_id: z.string().nullable(),
  from: time,
  until: time,
  reason: z.string(),
  by: z.string(),
});
export const alertsSchema = z.object({
  open: z
    .array(
      alertSchema.extend({
        due_at: nullableTime.describe('when a key expires; null: the alert is of another kind'),
      }),
    )
    .describe('pending and firing, worst first'),
  history: z.array(alertSchema).describe('resolved, newest first, at most 100'),
  mutes: z.array(muteSchema).describe('in force or to come'),
  channels: z
    .array(
      z.object({
        name: z.string(),
        waiting: count.describe('messages not delivered yet'),
        last_error: z.string().nullable(),
      }),
    )
    .describe('where messages go; empty: nowhere is set up'),
});

export type ConnectionStatsResponse = z.infer<typeof connectionStatsSchema>;
export type LatencyHistoryResponse = z.infer<typeof latencyHistorySchema>;
export type LatencyForecastResponse = z.infer<typeof latencyForecastSchema>;
export type MonitoredDeviceResponse = z.infer<typeof monitoredDeviceSchema>;
export type MonitoredDevicesResponse = z.infer<typeof monitoredDevicesSchema>;
export type FiringResponse = z.infer<typeof firingSchema>;
export type SummaryResponse = z.infer<typeof summarySchema>;
export type UptimeResponse = z.infer<typeof uptimeSchema>;
export type LatenciesResponse = z.infer<typeof latenciesSchema>;
export type PathDistributionResponse = z.infer<typeof pathDistributionSchema>;
export type PathSpeedResponse = z.infer<typeof pathSpeedSchema>;
export type EventResponse = z.infer<typeof eventSchema>;
export type EventsResponse = z.infer<typeof eventsSchema>;
export type NetcheckResponse = z.infer<typeof netcheckSchema>;
export type DiagnosticsResponse = z.infer<typeof diagnosticsSchema>;
export type AlertResponse = z.infer<typeof alertSchema>;
export type MuteResponse = z.infer<typeof muteSchema>;
export type AlertsResponse = z.infer<typeof alertsSchema>;
