import * as z from 'zod';
import { PATHS } from '../domain/device';
import { PRESENCES } from '../domain/judgement';
import { LONGEST_SHARED_TITLE, MOST_SHARED_DEVICES } from '../domain/shared-view';
import { t } from '../i18n/t';
import { count, nullableTime, time } from './shared-fields';

/** The schemas of `/widgets/…`: few fields that stay as they are, for the configuration files of other programs. */

const share = z.number().min(0).max(1).nullable();
const ms = z.number().nonnegative().nullable();

export const widgetSummarySchema = z.object({
  generated_at: time,
  healthy: z.boolean().describe('`/healthz` finds nothing wrong'),
  devices: count.describe('besides this one'),
  devices_online: count,
  critical: count.describe('devices that are pinged each round'),
  critical_online: count,
  critical_direct: count,
  critical_relayed: count,
  uptime_24h: share.describe('mean of the critical devices; null: nothing is known yet'),
  latency_ms: ms.describe('mean of the critical devices, last round'),
  alerts_firing: count,
  worst_alert: z.string().nullable().describe('title of the most severe one that fires'),
  accesses_today: count.describe('of the day in the time zone of the service'),
  people_today: count,
  next_key_expiry: nullableTime.describe('of your own devices; null: none expires'),
  next_key_expiry_device: z.string().nullable(),
  next_key_expiry_days: z.number().int().nullable().describe('whole days left; negative: expired'),
});
export type WidgetSummaryResponse = z.infer<typeof widgetSummarySchema>;

export const sharedViewQuery = z.strictObject({
  link: z.string().min(1).max(5_000).describe('what follows `/embed/` in a signed link'),
});
export const sharedViewSchema = z.object({
  generated_at: time,
  title: z.string(),
  expires_at: time,
  devices: z
    .array(
      z.object({
        hostname: z.string(),
        state: z.enum(PRESENCES).nullable().describe('null: it has left the tailnet'),
        path: z.enum(PATHS).nullable(),
        latency_ms: ms,
        uptime_24h: share,
      }),
    )
    .describe('in the order of the link'),
});
export type SharedViewResponse = z.infer<typeof sharedViewSchema>;

const daysFault = () => t('faults.fromTo', { min: '1', max: '365' });
export const linkBody = z.strictObject({
  devices: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(MOST_SHARED_DEVICES)
    .describe('by any of their names'),
  title: z
    .string()
    .max(LONGEST_SHARED_TITLE, { error: () => t('faults.longest', { max: LONGEST_SHARED_TITLE }) })
    .default(''),
  days: z
    .int({ error: () => t('faults.wholeNumber') })
    .min(1, { error: daysFault })
    .max(365, { error: daysFault })
    .default(30)
    .describe('how long the link works'),
});
export const linkSchema = z.object({
  path: z.string().describe('where the view is, for everyone who knows it'),
  url: z.string().nullable().describe('the same, with PUBLIC_URL; null when that is not set'),
  expires_at: time,
  devices: z.array(z.object({ id: z.string(), hostname: z.string() })),
});
export type LinkResponse = z.infer<typeof linkSchema>;
