import { z } from 'zod';
import { nearestNames } from '../domain/nearest-names';
import { isTimeZone } from '../domain/time-zone';

/** Treats an empty variable as unset. */
export const empty = (value: unknown) => (value === '' ? undefined : value);
export const text = z.preprocess(empty, z.string().optional());
export const flag = (otherwise: boolean) =>
  z.preprocess(
    empty,
    z
      .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
      .default(otherwise ? 'true' : 'false')
      .transform((value) => value === 'true' || value === '1'),
  );
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be from ${min} to ${max}`);
export const wholeOr = (otherwise: number, min: number, max: number) =>
  z.preprocess((value) => empty(value) ?? String(otherwise), whole(min, max));
export const choice = <const T extends readonly [string, ...string[]]>(
  values: T,
  otherwise: T[number],
) =>
  z.preprocess(
    (value) => empty(value) ?? otherwise,
    z.enum(values, { error: `must be one of ${values.join(', ')}` }),
  );
export const httpUrl = z.preprocess(
  empty,
  z
    .url({ protocol: /^https?$/, error: 'must be an http URL, such as http://127.0.0.1:8765' })
    .optional(),
);

/** A time zone of the IANA database. */
export const timeZone = z.preprocess(
  empty,
  z
    .string()
    .superRefine((value, context) => {
      if (isTimeZone(value)) return;
      const near = nearestZones(value);
      const meant = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
      const message = `must be the name of a time zone, such as Europe/Madrid or UTC${meant}`;
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
export const listOf = <T>(read: (entry: string) => T | null, must: string) =>
  z.preprocess(
    empty,
    z
      .string()
      .transform((value, context) => {
        const entries: T[] = [];
        for (const entry of list(value)) {
          const made = read(entry);
          if (made === null) context.addIssue({ code: 'custom', message: `${entry} ${must}` });
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
        context.addIssue({ code: 'custom', message: `must be JSON such as ${example}` });
        return z.NEVER;
      }
    }),
  );
