import type { MessageKey } from '../i18n/messages';
import { inEnglish, translate } from '../i18n/t';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatLatency,
  formatMetric,
  formatShare,
} from './format';
import { UTC, zoneNamed } from './time-zone';

/** The values of a kept text's `{names}`: sizes, times and other texts are written when it is read. */
export type SaidValue =
  | string
  | number
  | { count: number }
  | { latency: number | null }
  | { duration: number }
  | { share: number }
  | { bytes: number }
  | { metric: number }
  /** In the zone of that name; by default UTC. */
  | { instant: number; zone?: string }
  | { said: Said }
  /** With `by` between them; by default a comma. */
  | { list: readonly SaidValue[]; by?: string };

/**
 * A text that is kept or sent before it is known who reads it: an alert's title, a piece of advice. `text` is the
 * English, for readers that do not know the key (another version's), and for logs.
 */
export type Said = { text: string; key: string; values?: Record<string, SaidValue> };

/** Returns a text to keep. The English is written when it is asked for: most readings of a rule are neither kept nor sent. */
export function say(key: MessageKey, values?: Record<string, SaidValue>): Said {
  return {
    get text() {
      return english(key, values) ?? key;
    },
    key,
    ...(values && { values }),
  };
}

/** Returns a text to keep that may have no translation: another program's words. */
export const verbatim = (text: string | Said): Said =>
  typeof text === 'string' ? { text, key: '' } : text;

/** Returns a kept text with other values for some of its names. */
export function withValues(said: Said, changed: Record<string, SaidValue>): Said {
  const values = { ...said.values, ...changed };
  return { text: english(said.key, values) ?? said.text, key: said.key, values };
}

/** Returns a kept text in the current language. */
export function spoken(said: Said): string {
  return translated(said.key, said.values) ?? said.text;
}

/** Returns a text that is kept with its translation, if there is one, in the current language; `null` where there is none. */
export const inWords = (text: string | null, said: Said | undefined): string | null =>
  text === null ? null : spoken(said ?? verbatim(text));

/** Writes a value in the current language. */
export function written(value: SaidValue): string {
  return String(write(value));
}

const english = (key: string, values?: Said['values']) => inEnglish(() => translated(key, values));

/** Returns a text in the current language; `null` when it is another version's, by its key or its values. */
function translated(key: string, values: Record<string, SaidValue> = {}): string | null {
  try {
    const entries = Object.entries(values).map(([name, value]) => [name, write(value)]);
    return translate(key, Object.fromEntries(entries));
  } catch {
    return null;
  }
}

function write(value: SaidValue): string | number {
  if (typeof value !== 'object') return value;
  if ('count' in value) return formatCount(value.count);
  if ('latency' in value) return formatLatency(value.latency);
  if ('duration' in value) return formatDuration(value.duration);
  if ('share' in value) return formatShare(value.share);
  if ('bytes' in value) return formatBytes(value.bytes);
  if ('metric' in value) return formatMetric(value.metric);
  if ('instant' in value) return formatInstant(value.instant, zoneOf(value.zone));
  if ('list' in value) return value.list.map(write).join(value.by ?? ', ');
  return spoken(value.said);
}

/** Texts of one service name times in one zone. */
let lastZone = UTC;

function zoneOf(name = 'UTC') {
  if (lastZone.name !== name) lastZone = zoneNamed(name);
  return lastZone;
}

/** Texts within texts that are nested deeper are nobody's. */
const DEEPEST = 5;

/** Returns whether a value from elsewhere is a kept text. */
export function isSaid(value: unknown, depth = 0): value is Said {
  if (!isRecord(value) || depth > DEEPEST) return false;
  const { text, key, values } = value;
  if (typeof text !== 'string' || typeof key !== 'string') return false;
  if (values === undefined) return true;
  return isRecord(values) && Object.values(values).every((one) => isSaidValue(one, depth));
}

/** Returns whether a value from elsewhere is one of a kept text. */
export function isSaidValue(value: unknown, depth = 0): value is SaidValue {
  if (typeof value === 'string' || typeof value === 'number') return true;
  if (!isRecord(value)) return false;
  const { said, list, by, latency, instant, zone } = value;
  if (said !== undefined) return isSaid(said, depth + 1);
  if (list !== undefined) {
    if (by !== undefined && typeof by !== 'string') return false;
    return (
      depth < DEEPEST && Array.isArray(list) && list.every((one) => isSaidValue(one, depth + 1))
    );
  }
  if (latency === null) return true;
  if (instant !== undefined)
    return isTime(instant) && (zone === undefined || typeof zone === 'string');
  return NUMBERS.some((name) => typeof value[name] === 'number');
}

const NUMBERS = ['count', 'latency', 'duration', 'share', 'bytes', 'metric'];

const isTime = (value: unknown) =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
