import * as z from 'zod';
import {
  ALERT_RULES,
  ALERT_STATES,
  type Alert,
  type AlertSaid,
  SEVERITIES,
} from '../../domain/alert';
import { isAlertSaid } from '../../domain/alert-texts';
import type { Message, Notice } from '../../domain/notice';
import { isSaidValue, type SaidValue } from '../../domain/said';
import { digestSchema } from './stored-digest';

const time = z.number();
/** Another version's, with values that this one does not know, is as if there were none. */
const said = z
  .custom<AlertSaid>((value) => isAlertSaid(value))
  .optional()
  .catch(undefined);
const saidValue = z.custom<SaidValue>((value) => isSaidValue(value));

/**
 * Alerts, notices and messages are stored as JSON in the database and validated when read, since a newer version may
 * have written them.
 */
export const alertSchema: z.ZodType<Alert> = z.object({
  id: z.number(),
  rule: z.enum(ALERT_RULES),
  topic: z.string(),
  nodeId: z.string().nullable(),
  hostname: z.string().nullable(),
  state: z.enum(ALERT_STATES),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  evidence: z.array(z.object({ label: z.string(), value: z.string() })),
  said,
  since: time,
  firedAt: time.nullable(),
  resolvedAt: time.nullable(),
  acknowledgedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
});

export const noticeSchema: z.ZodType<Notice> = z.object({
  kind: z.enum(['fired', 'escalated', 'resolved']),
  alert: alertSchema,
  at: time,
  together: z
    .object({ incident: z.number(), holdUntil: time, also: z.array(saidValue) })
    .optional(),
});

export const messageSchema: z.ZodType<Message> = z.object({
  createdAt: time,
  news: z.array(z.object({ notice: noticeSchema, suppressed: z.number() })),
  unconfirmed: z.number(),
  digest: digestSchema.optional(),
});
