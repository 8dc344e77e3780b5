import { z } from 'zod';
import { ALERT_RULES, ALERT_STATES, type Alert, SEVERITIES } from '../domain/alert';

const time = z.number();

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
  since: time,
  firedAt: time.nullable(),
  resolvedAt: time.nullable(),
  acknowledgedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
});

/** One transition as it was, to be told on a channel. `at` in epoch milliseconds. */
export const noticeSchema = z.object({
  kind: z.enum(['fired', 'escalated', 'resolved']),
  alert: alertSchema,
  at: time,
});
export type Notice = z.infer<typeof noticeSchema>;

/** What goes out in one piece: news of one topic, or a digest of several. */
export const messageSchema = z.object({
  createdAt: time,
  /** At most one a topic: its latest. `suppressed` counts the topic's earlier transitions that nobody was told of. */
  news: z.array(z.object({ notice: noticeSchema, suppressed: z.number() })),
  /** How many earlier messages were being sent when the program was killed, and may not have arrived. */
  unconfirmed: z.number(),
});
/** Without news it is a test. */
export type Message = z.infer<typeof messageSchema>;

export const testMessage = (now: number): Message => ({ createdAt: now, news: [], unconfirmed: 0 });
