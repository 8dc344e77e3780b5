import * as z from 'zod';

/** The key of the document. */
export const NAMES = 'names';

/**
 * A collector's names of the visitors and endpoints that its hits refer to, and how far back its hits and roll-ups
 * reach.
 */
export const namesDocument = z.object({
  version: z.string(),
  /** Epoch milliseconds: hits and roll-ups from before these count as gone. */
  rawFrom: z.number(),
  rollupsFrom: z.number(),
  /** Whose days its roll-ups follow; absent: UTC. */
  timeZone: z.string().optional(),
  visitors: z.array(
    z.tuple([
      /** See `VisitorKeys`. */
      z.string(),
      z.enum(['tailnet', 'loopback', 'other']),
      z.string(),
      z
        .object({ nodeId: z.string(), device: z.string(), user: z.string(), userName: z.string() })
        .nullable(),
    ]),
  ),
  endpoints: z.array(z.string()),
  /** The host of each endpoint; earlier versions have none. */
  hosts: z.array(z.string().nullable()).default([]),
});
export type NamesDocument = z.infer<typeof namesDocument>;
