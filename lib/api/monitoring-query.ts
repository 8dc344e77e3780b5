import * as z from 'zod';
import type { TimeRange } from '../domain/access';
import { EVENT_KINDS } from '../domain/event';
import { t } from '../i18n/t';
import { HOUR } from '../util/time';
import { cursorParameter, flagParameter, ranges, wholeParameter } from './query';

/** The parameters of the `/health-monitoring` calls. */

const { hours, from, to } = ranges;
export const periodQuery = z.strictObject({ hours, from, to });
/** These calls read single hits: with more than a week they would be slow. */
export const speedQuery = z.strictObject({
  hours: wholeParameter(1, 168).default(24).describe('how far back, at most a week'),
});
export const worstQuery = z.strictObject({
  limit: wholeParameter(1, 1_000).optional().describe('how many, the worst of them; default: all'),
});
export const daysQuery = z.strictObject({
  days: wholeParameter(1, 3_650).default(7).describe('how far back'),
});
export const diagnosticsQuery = z.strictObject({
  refresh: flagParameter.describe('make a new network check first (at most one a minute)'),
});
export const eventsQuery = z.strictObject({
  ...ranges,
  kind: z
    .enum(EVENT_KINDS, { error: () => t('faults.oneOf', { names: EVENT_KINDS.join(', ') }) })
    .optional()
    .describe('one kind of event'),
  node: z.string().min(1).max(255).optional().describe('host name or id'),
  limit: wholeParameter(1, 1_000).default(100).describe('the most events in one answer'),
  cursor: cursorParameter(60),
});
export type EventsQuery = z.infer<typeof eventsQuery>;

/** The `{hostname}` of a path. */
export const hostnameParameter = z.object({
  hostname: z
    .string()
    .min(1)
    .max(255, { error: () => t('faults.length', { max: 255 }) }),
});

/** Returns the range of the last hours before `now`. */
export const lastHours = (hours: number, now = Date.now()): TimeRange => ({
  from: now - hours * HOUR,
  to: now,
});
