import pino from 'pino';
import type { Level } from '../domain/log-level';
import type { LogSettings } from '../domain/log-settings';
import { processWide } from '../util/process-registry';
import { callSite } from './call-site';
import { currentRequest } from './context';
import { LogFiles } from './log-files';
import { redact } from './redact';
import { toText } from './text-format';

/** What a caller may log beside the message; it is nested under `data`, so that it cannot forge a field of the line. */
type LogData = Record<string, unknown>;

/** `error` in the data becomes the line's `exception`, with its stack and its causes. */
export type Logger = Record<Level, (message: string, data?: LogData) => void>;

type State = LogSettings & { files: LogFiles | null };

const state = processWide<State>('log', () => ({
  ...{ level: 'info', json: true, folder: null, secrets: [], files: null },
}));

const stdout = pino.destination({ fd: 1, sync: true });
const LABELS: Record<string, string> = { warn: 'WARNING' };
/** They mean something to a terminal, or end a line for some readers; JSON may hold them as they are. */
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

/** Every line of this process passes here once, whole. */
function write(raw: string): void {
  const escaped = raw.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const line = redact(escaped, state.secrets);
  stdout.write(state.json ? line : toText(line));
  state.files?.write(line);
}

/** Says how lines are written from now on. */
export function setUpLog(settings: LogSettings): void {
  const { folder, limits } = settings;
  Object.assign(state, settings, { files: folder === null ? null : new LogFiles(folder, limits) });
}

/** Closes the files: what comes after goes to standard output alone. */
export async function closeLog(): Promise<void> {
  const { files } = state;
  state.files = null;
  await files?.close();
}

/** What keeps the files from being written, in words for the user; `null` when nothing does. */
export function logProblem(): string | null {
  return state.files?.problem ?? null;
}

/** Where log files are; `null` when none are written. */
export function logFolder(): string | null {
  return state.files?.folder ?? null;
}

const RANK: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A logger under a name. Each line says where in the sources it was logged, and under whose request. */
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

/** An error's stack and those of its causes; anything else as text. */
function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined && parts.length < 5; ) {
    parts.push(at instanceof Error ? (at.stack ?? at.message) : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join('\ncaused by: ');
}
