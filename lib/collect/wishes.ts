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
]);
export type Wish = z.infer<typeof wish>;
