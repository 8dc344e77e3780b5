import * as z from 'zod';
import { t } from '../i18n/t';
import { trafficFilters } from './filter-query';
import { ranges, wholeParameter } from './query';
import { count, nullableTime, time } from './shared-fields';

/** What traffic can be told apart by. */
const TRAFFIC_BY = ['device', 'user', 'path'] as const;
export type TrafficBy = (typeof TRAFFIC_BY)[number];

export const trafficQuery = z.strictObject({
  ...ranges,
  by: z
    .enum(TRAFFIC_BY, { error: () => t('faults.oneOf', { names: TRAFFIC_BY.join(', ') }) })
    .default('device')
    .describe('what `by` and the parts of `series` are'),
  ...trafficFilters,
  top: wholeParameter(1, 1_000)
    .default(8)
    .describe('how many of `by`, the largest, `series` shows one by one'),
});
export type TrafficQuery = z.infer<typeof trafficQuery>;

const bytes = {
  rx_bytes: count.describe('received by the device that counts'),
  tx_bytes: count.describe('sent by it'),
};

export const trafficSchema = z.object({
  from: time.describe('of the first hour or day counted: ranges are rounded outwards'),
  to: time.describe('end of the last hour or day counted; now, where it is not over'),
  since: nullableTime.describe('the first day that is kept; null: nothing has been counted yet'),
  step_seconds: count.describe('how long the period of a point usually is: an hour or a day'),
  time_zone: z.string().describe('whose days'),
  total: z.object(bytes),
  by: z
    .array(
      z.object({
        key: z
          .string()
          .describe('device id, login or tags, or path: `direct`, `peer_relay`, `relay:fra`'),
        name: z.string(),
        ...bytes,
      }),
    )
    .describe('largest first'),
  series: z.array(
    z.object({
      time,
      ...bytes,
      by: z
        .record(z.string(), z.object(bytes))
        .describe('by key, the `top` of `by`; `(other)` are the others together'),
    }),
  ),
  checked_against: z
    .object(bytes)
    .nullable()
    .describe(
      'what tailscaled counted by itself in that time; null: not known, or not of what was filtered',
    ),
  budgets: z
    .array(
      z.object({
        device_id: z.string().nullable().describe('null: of all together'),
        hostname: z.string().nullable(),
        limit_bytes: count,
        used_bytes: count,
      }),
    )
    .describe('what may travel in this calendar month, and what has'),
});
export type TrafficResponse = z.infer<typeof trafficSchema>;
