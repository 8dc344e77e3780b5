import { z } from 'zod';

/** What a replica may ask of a collector. */
export const wish = z.discriminatedUnion('do', [
  z.object({ do: z.literal('acknowledge'), id: z.int(), by: z.string() }),
  z.object({
    do: z.literal('mute'),
    topic: z.string().nullable(),
    nodeId: z.string().nullable(),
    from: z.number(),
    until: z.number(),
    reason: z.string(),
    by: z.string(),
  }),
  z.object({ do: z.literal('unmute'), id: z.int() }),
  z.object({ do: z.literal('test'), channel: z.string() }),
  z.object({ do: z.literal('ping'), nodeId: z.string() }),
  z.object({ do: z.literal('netcheck') }),
  z.object({
    do: z.literal('model_history'),
    model: z.string(),
    limit: z.int(),
    cursor: z.string().nullable(),
  }),
  z.object({
    do: z.literal('record_model'),
    report: z.object({
      model: z.string(),
      time: z.number(),
      version: z.string().nullable(),
      trainedAt: z.number().nullable(),
      horizon: z.string().nullable(),
      window: z.string().nullable(),
      metrics: z.object({ mae: z.number() }).catchall(z.number()),
    }),
  }),
]);
export type Wish = z.infer<typeof wish>;
