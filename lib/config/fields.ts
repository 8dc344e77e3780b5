import * as z from 'zod';
import { nearestNames } from '../domain/nearest-names';
import { isTimeZone } from '../domain/time-zone';
import type { MessageKey } from '../i18n/messages';
import { t, type Values } from '../i18n/t';

/** Words a fault when it is found: the settings page has its reader's language, the start English. */
export const says = (key: MessageKey, values?: Values) => ({ error: () => t(key, values) });

/** Treats an empty variable as unset. */
export const empty = (value: unknown) => (value === '' ? undefined : value);
export const text = z.preprocess(empty, z.string().optional());
export const flag = (otherwise: boolean) =>
  z.preprocess(
    empty,
    z
      .enum(['true', 'false', '1', '0'], says('faults.trueOrFalse'))
      .default(otherwise ? 'true' : 'false')
      .transform((value) => value === 'true' || value === '1'),
  );
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, says('faults.wholeNumber'))
    .transform(Number)
    .refine((n) => n >= min && n <= max, says('faults.fromTo', { min, max }));
export const wholeOr = (otherwise: number, min: number, max: number) =>
  z.preprocess((value) => empty(value) ?? String(otherwise), whole(min, max));
export const choice = <const T extends readonly [string, ...string[]]>(
  values: T,
  otherwise: T[number],
) =>
  z.preprocess(
    (value) => empty(value) ?? otherwise,
    z.enum(values, says('faults.oneOf', { names: values.join(', ') })),
  );
export const httpUrl = z.preprocess(
  empty,
  z.url({ protocol: /^https?$/, ...says('settingFaults.httpUrl') }).optional(),
);

/** A time zone of the IANA database. */
export const timeZone = z.preprocess(
  empty,
  z
    .string()
    .superRefine((value, context) => {
      if (isTimeZone(value)) return;
      const near = nearestZones(value);
      const message =
        near.length > 0
          ? t('settingFaults.timeZoneBut', { near: near.join(', ') })
          : t('settingFaults.timeZone');
      context.addIssue({ code: 'custom', message });
    })
    .optional(),
);

/** Returns the time zones whose name, or the place in it, is similar. */
function nearestZones(name: string): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const placeOf = (zone: string) => zone.split('/').at(-1) ?? zone;
  const places = nearestNames(placeOf(name), zones.map(placeOf), 3);
  const ofPlaces = zones.filter((zone) => places.includes(placeOf(zone)));
  return [...new Set([...nearestNames(name, zones, 2), ...ofPlaces])].slice(0, 3);
}

/** Returns the entries of a comma-separated list. */
export const list = (value: string | undefined) =>
  (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** A list whose entries are parsed by `read`; `null` from it is a fault. */
export const listOf = <T>(read: (entry: string) => T | null, must: MessageKey) =>
  z.preprocess(
    empty,
    z
      .string()
      .transform((value, context) => {
        const entries: T[] = [];
        for (const entry of list(value)) {
          const made = read(entry);
          if (made === null) context.addIssue({ code: 'custom', message: `${entry} ${t(must)}` });
          else entries.push(made);
        }
        return entries;
      })
      .optional(),
  );

/** JSON of this shape, `{}` by default. */
export const json = <S extends z.ZodType>(shape: S, example: string) =>
  z.preprocess(
    (value) => empty(value) ?? '{}',
    z.string().transform((value, context): z.output<S> => {
      try {
        return shape.parse(JSON.parse(value));
      } catch {
        context.addIssue({ code: 'custom', message: t('settingFaults.json', { example }) });
        return z.NEVER;
      }
    }),
  );
