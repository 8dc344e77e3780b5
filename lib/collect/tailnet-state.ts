import * as z from 'zod';
import type { FormerDevice } from '../domain/tailnet-view';
import type { TailnetState } from '../domain/transitions';

const time = z.number().nullable();

const node = z
  .object({
    name: z.string().optional(),
    /** How versions before 0.2 stored the name and whether it is up. */
    hostname: z.string().optional(),
    online: z.boolean().optional(),
    up: z.boolean().nullable().optional(),
    since: time.default(null),
    path: z.enum(['direct', 'peer_relay', 'relay']).nullable(),
    seenByControl: z.boolean().optional(),
    key: z.string(),
    homeRegion: z.string().nullable(),
  })
  .transform(({ name, hostname, online, up, seenByControl, ...rest }) => ({
    ...rest,
    name: name ?? hostname ?? '',
    up: up ?? online ?? null,
    seenByControl: seenByControl ?? online ?? true,
  }));

const former = z.object({ name: z.string(), leftAt: z.number() });

const schema = z.object({
  nodes: z.record(z.string(), node),
  health: z.array(z.string()),
  routes: z.record(z.string(), z.object({ nodeId: z.string(), lostAt: time })).default({}),
  reachable: z.boolean(),
  own: z.string().default('ok'),
  former: z.record(z.string(), former).default({}),
});

/** The tailnet at the last look, as stored over a restart. */
export type KeptState = TailnetState & {
  reachable: boolean;
  /** The state of our own device. */
  own: string;
  former: Record<string, FormerDevice>;
};

/** Parses the stored state, also of an earlier version; `null` when it is invalid. */
export function keptState(text: string): KeptState | null {
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
