import { LOG_LEVELS, type LogLevel } from '../domain/log-level';

/** One line of the log. A caller's own data is nested under `data`, so that it cannot replace another field. */
export type LogLine = {
  timestamp: string;
  level: LogLevel;
  logger: string;
  message: string;
  module: string;
  function: string;
  line: number;
  user?: string | undefined;
  request_id?: string | undefined;
  /** The error and its causes, each with its stack. */
  exception?: string | undefined;
  data?: Record<string, unknown> | undefined;
};

const TEXTS = ['timestamp', 'logger', 'message', 'module', 'function'];
const OPTIONAL_TEXTS = ['user', 'request_id', 'exception'];

/**
 * Returns whether a value read from a log is one of this service's lines. Without a schema: every page can log, and has
 * no other use for zod.
 */
export function isLogLine(value: unknown): value is LogLine {
  if (!isRecord(value)) return false;
  const { level, line, data } = value;
  return (
    TEXTS.every((name) => typeof value[name] === 'string') &&
    OPTIONAL_TEXTS.every((name) => ['string', 'undefined'].includes(typeof value[name])) &&
    LOG_LEVELS.some((one) => one === level) &&
    Number.isFinite(line) &&
    (data === undefined || isRecord(data))
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
