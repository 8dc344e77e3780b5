import * as z from 'zod';
import { CLIENT_KINDS } from '../domain/access';
import { CLASSIFICATIONS, PATHS } from '../domain/device';
import { PRESENCES } from '../domain/judgement';
import { SOURCES } from '../domain/tailnet-view';
import { inventorySchema } from './inventory-schemas';
import { count, milliseconds, nullableTime, responseTimeError, time } from './shared-fields';

/**
 * The schemas of the API: snake case, ISO 8601 UTC times, milliseconds and bytes. One schema validates, types, and
 * documents each answer.
 */

export const deviceSchema = z.object({
  id: z.string().describe('stays the same; names change and repeat'),
  hostname: z.string().describe('the machine name: what the device is called'),
  os_hostname: z.string().describe('what its system calls itself'),
  dns_name: z.string(),
  addresses: z.array(z.string()),
  user: z.object({ id: z.string(), login: z.string(), name: z.string() }).nullable(),
  tags: z.array(z.string()),
  os: z.string(),
  classification: z.enum(CLASSIFICATIONS),
  self: z.boolean(),
  critical: z.boolean().describe('pinged each round'),
  online: z.boolean().nullable().describe('null: unknown, since our own device cannot tell'),
  state: z.enum(PRESENCES).describe('not_answering: listed as online, and no ping is answered'),
  seen_by_control: z.boolean().describe('the coordination server lists it as online'),
  last_seen: nullableTime,
  path: z.enum(PATHS),
  relay_region: z.string().nullable(),
  endpoint: z.string().nullable(),
  rx_bytes: count,
  tx_bytes: count,
  key_expiry: nullableTime.describe('null: never expires'),
  expired: z.boolean(),
  exit_node: z.boolean().describe('it offers itself as an exit node, or is the one in use'),
  exit_node_in_use: z.boolean().describe('our own internet traffic goes through it'),
  subnet_routes: z.array(z.string()),
  created: nullableTime.describe('when it joined the tailnet; null: not known'),
  inventory: inventorySchema
    .nullable()
    .describe('null, as any of its fields: not known, or withheld by the coordination server'),
});

export const devicesSchema = z.object({
  generated_at: time.describe('when tailscaled gave this answer'),
  source: z.enum(SOURCES),
  stale: z.boolean().describe('tailscaled has not answered since `generated_at`'),
  tailnet: z.object({ name: z.string(), magic_dns_suffix: z.string() }),
  counts: z.object({
    total: count,
    online: count,
    own: count,
    shared: count,
    external: count,
  }),
  exit_node: z
    .object({ id: z.string(), hostname: z.string(), online: z.boolean() })
    .nullable()
    .describe('the exit node in use, Mullvad’s too'),
  devices: z.array(deviceSchema),
});

const quota = z.object({ used: count, limit: count.nullable().describe('null: unlimited') });
export const quotaStatusSchema = z.object({
  plan: z.object({ name: z.string(), checked_on: z.string() }),
  users: quota,
  external_users: quota,
  devices: quota,
  status: z.enum(['ok', 'near', 'over']),
});

const host = z.string().nullable().describe('virtual host; null: the log does not name it');

export const hitSchema = z.object({
  time,
  ip: z.string(),
  user: z.string(),
  device: z.string(),
  device_id: z.string().nullable().describe('null: the device is not known'),
  host,
  method: z.string().nullable(),
  path: z.string().nullable(),
  endpoint: z.string(),
  status: z.number().int().nullable(),
  response_time_ms: milliseconds,
  bytes: count.nullable(),
  client: z.enum(CLIENT_KINDS),
  bot: z.boolean(),
});

export const accessLogsSchema = z.object({
  from: time,
  to: time,
  total: count,
  kept: count.describe('of these, the ones that are kept one by one: as many as a download has'),
  hits: z.array(hitSchema),
  next_cursor: z.string().nullable(),
});

const users = count.describe(
  'distinct names in the place of a user: each set of tags is one, and all unnamed addresses together',
);
const people = count.describe('distinct users of untagged devices');
const visitorCounts = {
  people,
  servers: count.describe('distinct tagged devices'),
  unnamed_addresses: count.describe('distinct tailnet addresses whose user is not known'),
};

export const usageSchema = z.object({
  from: time,
  to: time,
  total_accesses: count,
  unique_users: users,
  unique_devices: count,
  ...visitorCounts,
  connected_devices: count
    .nullable()
    .describe('devices online now; null: tailscaled not reached yet'),
  bytes: count,
  p50_ms: milliseconds,
  p95_ms: milliseconds,
  response_time_error: responseTimeError,
  previous: z
    .object({ total_accesses: count, unique_users: users, ...visitorCounts })
    .describe('the range of the same length just before'),
  top_endpoints: z.array(
    z.object({
      endpoint: z.string(),
      host,
      hits: count,
      users,
      people,
      errors: count,
      p50_ms: milliseconds,
      p95_ms: milliseconds,
    }),
  ),
  by_user: z.array(
    z.object({ user: z.string(), name: z.string(), hits: count, errors: count, devices: count }),
  ),
  by_device: z.array(
    z.object({
      id: z
        .string()
        .nullable()
        .describe('null: an unnamed address, or clients outside the tailnet'),
      device: z.string().describe('its name, which others may have too'),
      user: z.string(),
      hits: count,
      errors: count,
    }),
  ),
  by_host: z
    .array(
      z.object({
        host,
        hits: count,
        users,
        people,
        devices: count,
        errors: count,
        p50_ms: milliseconds,
        p95_ms: milliseconds,
        bytes: count,
        last_access: time.describe('or when its last bucket began, once its hits are not kept'),
        series: z.array(count).describe('hits in each bucket of `series`'),
      }),
    )
    .describe('the services that were reached'),
  by_status: z.record(z.string(), count),
  step_seconds: count.describe(
    'how long the period of a point usually is; a day may be an hour shorter or longer',
  ),
  time_zone: z
    .string()
    .describe('whose days, and quarters of days, and weeks from Monday on, `series` follows'),
  series: z.array(z.object({ time, hits: count, users, people, errors: count })),
  recent: z.array(hitSchema),
  left_out: z
    .object({ bots: count, loopback: count, non_tailnet: count })
    .describe('matching hits not counted because of who made them'),
});

/** A finding of the log doctor: what is wrong with the log, and the exact remedy. */
const findingSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'hint']),
  title: z.string(),
  detail: z.string(),
  remedy: z.string().describe('what to do, in a sentence'),
  snippet: z.string().nullable().describe('lines to paste; null: none'),
});

export const logDoctorSchema = z.object({
  findings: z.array(findingSchema),
  rejected: z.object({
    total: count,
    samples: z.array(
      z.object({
        path: z.string(),
        offset: count,
        line: z.string(),
        reason: z.string(),
        time,
      }),
    ),
  }),
});

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z
    .array(z.object({ parameter: z.string(), message: z.string() }))
    .optional()
    .describe('one entry a faulty parameter'),
  candidates: z
    .array(z.object({ id: z.string(), hostname: z.string(), dns_name: z.string() }))
    .optional()
    .describe('the devices that an ambiguous name may mean'),
});

export type DeviceResponse = z.infer<typeof deviceSchema>;
export type DevicesResponse = z.infer<typeof devicesSchema>;
export type QuotaStatusResponse = z.infer<typeof quotaStatusSchema>;
export type HitResponse = z.infer<typeof hitSchema>;
export type AccessLogsResponse = z.infer<typeof accessLogsSchema>;
export type UsageResponse = z.infer<typeof usageSchema>;
export type LogDoctorResponse = z.infer<typeof logDoctorSchema>;
export type ProblemResponse = z.infer<typeof problemSchema>;
