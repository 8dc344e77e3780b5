import path from 'node:path';
import type { LogSettings } from '../domain/log-settings';
import { DAY } from '../util/time';
import { choice, flag, text, wholeOr } from './fields';

const MB = 1024 * 1024;
/** Shorter secrets would be found within ordinary words. */
const SHORTEST_SECRET = 6;

export const logFields = {
  LOG_LEVEL: choice(['debug', 'info', 'warn', 'error'], 'info'),
  LOG_FORMAT_JSON: flag(true),
  LOG_DIR: text,
  LOG_FILE_MB: wholeOr(16, 1, 1_024),
  LOG_TOTAL_MB: wholeOr(256, 2, 1_048_576),
  LOG_KEEP_DAYS: wholeOr(30, 1, 3_650),
};

/** `folder` is null when none is set: it is then beside the data. */
export type LogConfig = LogSettings;

type Fields = {
  LOG_LEVEL: LogSettings['level'];
  LOG_FORMAT_JSON: boolean;
  LOG_DIR?: string;
  LOG_FILE_MB: number;
  LOG_TOTAL_MB: number;
  LOG_KEEP_DAYS: number;
};

export function logConfig(e: Fields, secrets: readonly string[]): LogConfig {
  return {
    level: e.LOG_LEVEL,
    json: e.LOG_FORMAT_JSON,
    folder: e.LOG_DIR === undefined ? null : path.resolve(/* turbopackIgnore: true */ e.LOG_DIR),
    limits: {
      fileBytes: e.LOG_FILE_MB * MB,
      totalBytes: e.LOG_TOTAL_MB * MB,
      fileMs: DAY,
      keepMs: e.LOG_KEEP_DAYS * DAY,
    },
    secrets: secrets.filter(({ length }) => length >= SHORTEST_SECRET),
  };
}
