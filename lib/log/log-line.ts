import * as z from 'zod';
import { LOG_LEVELS } from '../domain/log-level';

/** One line of the log. A caller's own data is nested under `data`, so that it cannot replace another field. */
const logLineSchema = z.object({
  timestamp: z.string(),
  level: z.enum(LOG_LEVELS),
  logger: z.string(),
  message: z.string(),
  module: z.string(),
  function: z.string(),
  line: z.number(),
  user: z.string().optional(),
  request_id: z.string().optional(),
  /** The error and its causes, each with its stack. */
  exception: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Returns whether a value read from a log is one of this service's lines. */
export function isLogLine(value: unknown): value is LogLine {
  return logLineSchema.safeParse(value).success;
}
