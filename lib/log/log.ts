import pino from 'pino';
import type { Level } from '../domain/log-level';
import type { LogSettings } from '../domain/log-settings';
import type { Said } from '../domain/said';
import { processWide } from '../util/process-registry';
import { callSite } from './call-site';
import { currentRequest } from './context';
import { LogFiles } from './log-files';
import { redact } from './redact';
import { toText } from './text-format';

/** What a caller may log beside the message. It is nested under `data`, so that it cannot forge a field of the line. */
type LogData = Record<string, unknown>;

/** Logs at a level; `error` in the data becomes the line's `exception`, with its stack and causes. */
export type Logger = Record<Level, (message: string, data?: LogData) => void>;

type State = LogSettings & { files: LogFiles | null };

const state = processWide<State>('log', () => ({
  ...{ level: 'info', json: true, folder: null, secrets: [], files: null },
}));

const stdout = pino.destination({ fd: 1, sync: true });
const LABELS: Record<string, string> = { warn: 'WARNING' };
/** Characters that terminals interpret, or that end a line for some readers; JSON may contain them unescaped. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029]/g;

const root = pino(
  {
    base: null,
    level: 'debug',
    messageKey: 'message',
    nestedKey: 'data',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: LABELS[label] ?? label.toUpperCase() }) },
  },
  { write },
);

/** Writes a line; every line of this process passes through here once, whole. */
function write(raw: string): void {
  const escaped = raw.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const line = redact(escaped, state.secrets);
  stdout.write(state.json ? line : toText(line));
  state.files?.write(line);
}

/** Sets how lines are written from now on. */
export function setUpLog(settings: LogSettings): void {
  const { folder, limits } = settings;
  Object.assign(state, settings, { files: folder === null ? null : new LogFiles(folder, limits) });
}

/** Closes the files; later lines go to standard output only. */
export async function closeLog(): Promise<void> {
  const { files } = state;
  state.files = null;
  await files?.close();
}

/** Returns why the files cannot be written, as a message for the user; `null` when they can. */
export function logProblem(): Said | null {
  return state.files?.said ?? null;
}

/** Returns the folder of the log files; `null` when none are written. */
export function logFolder(): string | null {
  return state.files?.folder ?? null;
}

const RANK: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Returns a logger with a name. Each line says where in the sources it was logged, and during which request. */
export function logger(name: string): Logger {
  const at = (level: Level) => {
    const log = (message: string, data?: LogData) => {
      if (RANK[level] < RANK[state.level]) return;
      const request = currentRequest();
      const { error, ...rest } = data ?? {};
      const line = root.child({
        logger: name,
        ...callSite(log),
        ...(request && { request_id: request.requestId, user: request.user ?? undefined }),
        ...(error !== undefined && { exception: describeError(error) }),
      });
      if (Object.keys(rest).length > 0) line[level](rest, message);
      else line[level](message);
    };
    return log;
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Returns the stacks of an error and its causes; anything else as text. */
function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined && parts.length < 5; ) {
    parts.push(at instanceof Error ? (at.stack ?? at.message) : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join('\ncaused by: ');
}
