import * as z from 'zod';
import { ALERT_RULES, SEVERITIES } from '../domain/alert';
import { OWN_STATES } from '../domain/own-device';
import { SOURCES } from '../domain/tailnet-view';
import { count, milliseconds, nullableTime, time } from './shared-fields';

/** The schema of `/healthz`: the state of every part of the service. */

const jobHealth = z.object({
  name: z.string(),
  schedule: z.string(),
  running: z.boolean(),
  last_run: nullableTime,
  last_duration_ms: milliseconds,
  last_error: z.string().nullable(),
  next_run: nullableTime,
  overdue_seconds: count.describe('how long ago it should have run again; 0: it is in time'),
});

export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  problems: z
    .array(z.object({ part: z.string(), message: z.string() }))
    .describe('what is wrong, in words to act on; empty when ok'),
  alerts: z.object({
    firing: count.describe('firing now, muted and acknowledged ones too'),
    loudest: z
      .array(
        z.object({
          rule: z.enum(ALERT_RULES),
          severity: z.enum(SEVERITIES),
          title: z.string(),
          node_id: z.string().nullable(),
          hostname: z.string().nullable(),
          since: time,
        }),
      )
      .describe('those of them that are neither muted nor acknowledged, worst first, at most 200'),
  }),
  tailscale: z.object({
    source: z.enum(SOURCES),
    location: z.string().nullable(),
    reachable: z.boolean(),
    last_answer: nullableTime,
    error: z.string().nullable(),
    health: z.array(z.string()).describe("tailscaled's own health messages"),
    own_device: z.object({
      state: z.enum(OWN_STATES),
      reason: z.string().describe('what is wrong; empty when all is well'),
      remedy: z.string(),
      since: nullableTime,
    }),
  }),
  access_log: z.object({
    pattern: z.string().nullable(),
    files: z.array(
      z.object({
        path: z.string(),
        format: z.string().nullable(),
        size_bytes: count,
        read_bytes: count,
        error: z.string().nullable(),
      }),
    ),
    hits: count.describe('stored since start'),
    rejected: count.describe('lines that could not be parsed, ever'),
    backlog_bytes: count,
    last_hit: nullableTime,
    error: z.string().nullable(),
  }),
  store: z.object({
    kind: z.enum(['sqlite', 'influxdb']),
    writable: z.boolean(),
    size_bytes: count.describe('of the database on disk here'),
    error: z.string().nullable(),
    influxdb: z
      .object({
        version: z.string().nullable().describe('null: it has not answered yet'),
        series: count.nullable().describe('tag combinations in its buckets; null: not counted yet'),
        advice: z
          .array(z.string())
          .describe('what an administrator should run, since the token may not'),
        spool: z
          .object({
            points: count.describe('waiting to be sent'),
            bytes: count,
            oldest: nullableTime.describe('since when the oldest waits'),
            sent: count.describe('since the start'),
            failing_since: nullableTime,
            rejected: count.describe('points InfluxDB will never take, ever'),
            last_rejected: z.string().nullable().describe('why the last one was refused'),
          })
          .nullable()
          .describe('null: this process sends nothing'),
      })
      .nullable()
      .describe('null: the store is SQLite'),
  }),
  collectors: z
    .array(
      z.object({
        name: z.string(),
        version: z.string().nullable().describe('null: it has not been reached yet'),
        last_seen: time,
        away: z
          .boolean()
          .describe('it does not answer: what is shown of it is its last known state'),
        problem: z.string().nullable().describe('what keeps it from answering'),
      }),
    )
    .describe('who fills the store'),
  jobs: z.array(jobHealth),
});

export type HealthResponse = z.infer<typeof healthSchema>;
