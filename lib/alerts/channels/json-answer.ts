import type * as z from 'zod';

/** Returns the JSON of an answer; `null` when it is none, or of another shape. */
export function jsonOf<T>(body: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}
