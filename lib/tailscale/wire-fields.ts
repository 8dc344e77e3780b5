import * as z from 'zod';

/**
 * Fields that several of tailscaled's answers share. Go leaves out empty fields or sends null for them: both are read
 * as empty.
 */

const TEXT_MAX = 255;

/** Control, format and bidirectional characters, line separators, lone surrogates: a peer may name itself anything. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const PLAIN = /^(?! )[ -~]*(?<! )$/;

/**
 * Makes outside text safe to display: no control characters, at most 255 UTF-16 units. Markup is left for the page to
 * escape.
 */
export function printable(text: string): string {
  // Nearly every field is plain, and status has 100,000 of them at 5,000 peers: this saves a third of the time to read
  // it.
  if (text.length <= TEXT_MAX && PLAIN.test(text)) return text;
  return text.slice(0, TEXT_MAX).replace(UNPRINTABLE, '').trim();
}

export const text = z
  .string()
  .nullish()
  .transform((value) => printable(value ?? ''));

export const textList = z
  .array(z.string())
  .nullish()
  .transform((values) => (values ?? []).map(printable));

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** Go's `opt.Bool`: true, false, or unknown, which older versions write as `""`. */
export const optionalFlag = z
  .union([z.boolean(), z.literal('')])
  .nullish()
  .transform((value) => (typeof value === 'boolean' ? value : null));

/** An int64 id as a string, whether it came as a number or, above 2^53, as the string that `parseExactJson` returns. */
export const id = z
  .union([z.string(), z.int()])
  .nullish()
  .transform((value) => printable(String(value ?? '')));

/** Bytes, cumulative. Above 2^53 the nearest number: a counter may be rounded, an id may not. */
export const counter = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+$/)])
  .nullish()
  .transform((value) => Number(value ?? 0));

/** RFC 3339 to epoch milliseconds; Go's zero time (0001-01-01) and everything else before 1970 is null. */
export const time = z
  .string()
  .nullish()
  .transform((value, context) => {
    if (!value) return null;
    const milliseconds = Date.parse(value);
    if (Number.isNaN(milliseconds)) {
      context.addIssue({ code: 'custom', message: 'not a time' });
      return z.NEVER;
    }
    return milliseconds > 0 ? milliseconds : null;
  });
