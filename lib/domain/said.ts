import type { MessageKey } from '../i18n/messages';
import { translate } from '../i18n/t';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatLatency,
  formatShare,
} from './format';

/** The values of a kept text's `{names}`: sizes, times and other texts are written when it is read. */
export type SaidValue =
  | string
  | number
  | { count: number }
  | { latency: number | null }
  | { duration: number }
  | { share: number }
  | { bytes: number }
  | { instant: number }
  | { said: Said };

/**
 * A text that is kept or sent before it is known who reads it: an alert's title, a piece of advice. `text` is what it
 * was when it was said (in English, by jobs), for readers that do not know the key: another version's.
 */
export type Said = { text: string; key: string; values?: Record<string, SaidValue> };

/** Returns a text to keep. */
export function say(key: MessageKey, values?: Record<string, SaidValue>): Said {
  return { text: translate(key, written(values)) ?? key, key, ...(values && { values }) };
}

/** Returns a kept text in the current language. */
export function spoken(said: Said): string {
  return translate(said.key, written(said.values)) ?? said.text;
}

function written(values: Record<string, SaidValue> = {}): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, write(value)]));
}

function write(value: SaidValue): string | number {
  if (typeof value !== 'object') return value;
  if ('count' in value) return formatCount(value.count);
  if ('latency' in value) return formatLatency(value.latency);
  if ('duration' in value) return formatDuration(value.duration);
  if ('share' in value) return formatShare(value.share);
  if ('bytes' in value) return formatBytes(value.bytes);
  if ('instant' in value) return formatInstant(value.instant);
  return spoken(value.said);
}
