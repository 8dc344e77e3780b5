import { unescaped } from '../escapes';
import { unitDurationOf } from '../fields';
import type { JsonFields } from '../json-fields';
import type { JsonField } from './json-names';

const IN_MS = { milliseconds: 1, microseconds: 1e-3, nanoseconds: 1e-6 } as const;

/**
 * Finds the response time of a JSON line. A name may contain its unit (`duration_ms`), and so may the value (`22ms`).
 * Otherwise it is in seconds, as nginx writes them: with a fraction. A whole number could also be Apache's
 * microseconds, and counts as seconds only where the log has been seen to have fractions.
 */
export class JsonDuration {
  private fractions = false;

  /** Returns whole milliseconds; `null` when the line does not say. */
  of(fields: JsonFields<JsonField>): number | null {
    for (const unit of ['milliseconds', 'microseconds', 'nanoseconds'] as const) {
      const text = fields.text(unit);
      if (text !== null && /^\d{1,15}(?:\.\d+)?$/.test(text))
        return Math.round(Number(text) * IN_MS[unit]);
    }
    const text = fields.text('seconds');
    if (text === null) return null;
    if (/^\d{1,9}\.\d{1,3}$/.test(text)) {
      this.fractions = true;
      return Math.round(Number(text) * 1_000);
    }
    if (/^\d{1,9}$/.test(text) && fields.text('envoy') !== null) return Number(text);
    if (/^\d{1,9}$/.test(text)) return this.fractions || text === '0' ? Number(text) * 1_000 : null;
    return unitDurationOf(unescaped(text).replace(' ', ''));
  }
}
