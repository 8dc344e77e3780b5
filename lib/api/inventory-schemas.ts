import * as z from 'zod';
import { INVENTORY_FIELDS, NAT_KINDS } from '../domain/inventory';
import { ranges, wholeParameter } from './query';
import { time } from './shared-fields';

const words = z.string().nullable();
const list = z.array(z.string()).nullable();
const flag = z.boolean().nullable();

/** What the inventory knows of a device. */
export const inventorySchema = z.object({
  first_seen: time.describe('when this service first saw it'),
  version: words.describe('of Tailscale, such as `1.102.5`'),
  os_version: words,
  distro: words,
  distro_version: words,
  arch: words,
  container: flag,
  key: words.describe('the beginning of its public key, which changes at each new login'),
  routes_offered: list.describe(
    'subnets it offers to route; approved are those of `subnet_routes`',
  ),
  exit_node_offered: flag,
  services: list.describe('what it advertises: protocol, port, and a description'),
  home_region: words.describe('its home DERP region'),
  nat: z
    .enum(NAT_KINDS)
    .nullable()
    .describe('easy: its NAT keeps the port; hard: it does not; no_udp: it gets no UDP through'),
});

export const changesQuery = z.strictObject({
  ...ranges,
  device: z.string().min(1).max(255).optional().describe('its name, address or id'),
  limit: wholeParameter(1, 1_000).default(200).describe('the most changes in the answer'),
});
export type ChangesQuery = z.infer<typeof changesQuery>;

export const changesSchema = z.object({
  from: time,
  to: time,
  changes: z
    .array(
      z.object({
        time,
        device_id: z.string(),
        hostname: z.string(),
        field: z.enum(INVENTORY_FIELDS),
        before: z.string().describe('lists are separated by commas; empty: none'),
        after: z.string(),
      }),
    )
    .describe('newest first'),
});
export type ChangesResponse = z.infer<typeof changesSchema>;

export const ansibleQuery = z.strictObject({
  os: z.string().min(1).max(60).optional().describe('operating system, such as `linux`'),
  tag: z.string().min(1).max(100).optional().describe('with or without `tag:`'),
});
export type AnsibleQuery = z.infer<typeof ansibleQuery>;

const hosts = z.record(z.string(), z.record(z.string(), z.unknown()));
export const ansibleSchema = z.object({
  all: z.object({
    hosts: hosts.describe('with their variables'),
    children: z
      .record(z.string(), z.object({ hosts }))
      .describe('groups: `os_linux`, `tag_server`, …'),
  }),
});
