import * as z from 'zod';
import { es } from 'zod/locales';
import type { TimeRange } from '../domain/access';
import { type InputFault, InvalidInput } from '../domain/errors';
import { type Said, say } from '../domain/said';
import { currentLanguage, t } from '../i18n/t';
import { DAY, HOUR } from '../util/time';
import { filters, isRepeatable } from './filter-query';

/** The parameters of the analytics calls. Every message gives the bounds. */

const MAX_DAYS = 3_650;

/** A whole number within bounds. */
export const wholeParameter = (min: number, max: number) =>
  z.coerce
    .number({ error: () => t('faults.whole', { min, max }) })
    .int({ error: () => t('faults.whole', { min, max }) })
    .min(min, { error: () => t('faults.fromTo', { min, max }) })
    .max(max, { error: () => t('faults.fromTo', { min, max }) });
/** A time with its zone, in milliseconds. */
export const instantParameter = z.iso
  .datetime({
    offset: true,
    error: () => t('faults.instant'),
  })
  .transform((text) => Date.parse(text));

/** A cursor of at most this many characters, as a page of the list returned it. */
export const cursorParameter = (max: number) =>
  z
    .string()
    .max(max, { error: () => t('faults.cursor') })
    .optional();

/** `true` or `false`, by default false. */
export const flagParameter = z
  .enum(['true', 'false'], { error: () => t('faults.trueOrFalse') })
  .default('false')
  .transform((text) => text === 'true');

/** A range: back from now, or from one time to another. */
export const ranges = {
  hours: wholeParameter(1, MAX_DAYS * 24)
    .optional()
    .describe('the last hours'),
  days: wholeParameter(1, MAX_DAYS)
    .optional()
    .describe('the last days, of 24 hours each, up to now'),
  from: instantParameter.optional().describe('start of the range, instead of `hours` or `days`'),
  to: instantParameter.optional().describe('end of the range (excluded); default now'),
};

const hits = { ...ranges, ...filters, bots: flagParameter.describe('count bots in') };

export const usageQuery = z.strictObject(hits);
export const accessLogsQuery = z.strictObject({
  ...hits,
  limit: wholeParameter(1, 1_000).default(100).describe('the most hits in one answer'),
  cursor: cursorParameter(60).describe('`next_cursor` of the page before'),
});
export const noQuery = z.strictObject({});
export const logDoctorQuery = z.strictObject({
  unmasked: flagParameter.describe('rejected lines as they were logged; for admins, and audited'),
});
export const snapshotQuery = z.strictObject({
  since: wholeParameter(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('a `revision`: of the long lists, what has changed since it'),
});

export type LogDoctorQuery = z.infer<typeof logDoctorQuery>;
export type UsageQuery = z.infer<typeof usageQuery>;
export type AccessLogsQuery = z.infer<typeof accessLogsQuery>;

/** The collector whose view a call shows, where there are several. */
export const collectorParameter = z
  .string()
  .regex(/^[\w.-]{1,60}$/, { error: () => t('faults.collectorName') })
  .optional()
  .describe('as this collector sees it; all of them when left out');

/** Returns the range of a query; by default the `defaultHours` before `now`. Throws `InvalidInput`. */
export function rangeOf(
  query: Pick<UsageQuery, 'hours' | 'days' | 'from' | 'to'>,
  defaultHours: number,
  now: number,
): TimeRange {
  const given = (['hours', 'days', 'from'] as const).filter((key) => query[key] !== undefined);
  if (given.length > 1) {
    throw invalid(given[1] ?? '', say('problems.together', { other: given[0] ?? '' }));
  }
  const to = query.to ?? now;
  const hours = query.hours ?? (query.days === undefined ? defaultHours : query.days * 24);
  const from = query.from ?? to - hours * HOUR;
  if (from >= to) throw invalid('from', say('problems.before'));
  if (to - from > MAX_DAYS * DAY) {
    throw invalid('from', say('problems.atMost', { days: MAX_DAYS }));
  }
  return { from, to };
}

/** Parses URL parameters with a schema. Throws `InvalidInput`. */
export function parseQuery<Q extends z.ZodType>(
  schema: Q,
  parameters: URLSearchParams,
): z.output<Q> {
  const given = new Map<string, string | string[]>();
  for (const key of new Set(parameters.keys())) {
    const [value = '', ...more] = parameters.getAll(key);
    if (key === '__proto__') throw invalid(key, say('faults.notAParameter'));
    if (more.length > 0 && !isRepeatable(schema, key)) throw invalid(key, say('faults.repeated'));
    given.set(key, more.length > 0 ? [value, ...more] : value);
  }
  return parseInput(schema, Object.fromEntries(given));
}

/** Parses a client's input with a schema. Throws `InvalidInput` with every fault. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input, { error: inOwnWords });
  if (!parsed.success) throw new InvalidInput(...parsed.error.issues.flatMap(faultsOf));
  return parsed.data;
}

/** The library's own words for faults that no schema words. */
const SPANISH = es().localeError;
const inOwnWords: z.core.$ZodErrorMap = (issue) =>
  currentLanguage() === 'es' ? SPANISH(issue) : undefined;

function faultsOf(issue: z.core.$ZodIssue): InputFault[] {
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((parameter) => ({ parameter, message: say('faults.notAParameter') }))
    : [{ parameter: issue.path.join('.'), message: issue.message }];
}

const invalid = (parameter: string, message: string | Said) =>
  new InvalidInput({ parameter, message });
