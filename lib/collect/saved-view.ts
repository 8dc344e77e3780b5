import * as z from 'zod';
import { CLASSIFICATIONS, type Device, PATHS, type TailnetStatus } from '../domain/device';

const nullableTime = z.number().nullable();
const owner = z.object({ id: z.string(), login: z.string(), name: z.string() });

const device = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    hostname: z.string(),
    dnsName: z.string(),
    addresses: z.array(z.string()),
    user: owner.nullable(),
    tags: z.array(z.string()),
    os: z.string(),
    classification: z.enum(CLASSIFICATIONS),
    self: z.boolean(),
    online: z.boolean(),
    created: nullableTime.default(null),
    lastSeen: nullableTime,
    lastHandshake: nullableTime,
    path: z.enum(PATHS),
    relayRegion: z.string().nullable(),
    endpoint: z.string().nullable(),
    rxBytes: z.number(),
    txBytes: z.number(),
    keyExpiry: nullableTime,
    expired: z.boolean(),
    exitNode: z.boolean(),
    exitNodeInUse: z.boolean().default(false),
    subnetRoutes: z.array(z.string()),
  })
  // Versions before 0.2 saved no machine name.
  .transform(
    (saved): Device => ({
      ...saved,
      name: saved.name ?? (saved.dnsName.split('.')[0] || saved.hostname),
    }),
  );

const view = z.object({
  source: z.string(),
  answeredAt: z.number(),
  status: z.object({
    tailnet: z.object({ name: z.string(), magicDnsSuffix: z.string() }),
    devices: z.array(device),
    exitNode: z
      .object({ id: z.string(), name: z.string(), online: z.boolean() })
      .nullable()
      .default(null),
    health: z.array(z.string()),
    version: z.string(),
    backendState: z.string(),
    tun: z.boolean(),
    run: z.string().nullish(),
  }),
});

/** Parses the status that was saved before a restart, also by an earlier version; `null` when it is invalid. */
export function savedView(
  text: string,
): { source: string; answeredAt: number; status: TailnetStatus } | null {
  const parsed = view.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
