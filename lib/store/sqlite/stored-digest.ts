import * as z from 'zod';
import type { Digest } from '../../domain/digest';
import { EVENT_KINDS } from '../../domain/event';

const count = z.number();

/** A digest as it waits in the database until it is sent. */
export const digestSchema: z.ZodType<Digest> = z.object({
  from: z.number(),
  to: z.number(),
  accesses: z.object({ count, before: count, people: count, errors: count }),
  services: z.array(z.object({ host: z.string().nullable(), accesses: count, errors: count })),
  traffic: z.object({
    rxBytes: count,
    txBytes: count,
    devices: z.array(z.object({ name: z.string(), bytes: count })),
  }),
  availability: z.array(
    z.object({ name: z.string(), share: z.number().nullable(), downMs: z.number() }),
  ),
  changes: z.array(z.object({ kind: z.enum(EVENT_KINDS), count, names: z.array(z.string()) })),
  alerts: z.object({ fired: count, firing: count }),
});
