import * as z from 'zod';
import type { EndFacts } from '../domain/relay-causes';
import type { Whois } from '../domain/whois';
import { parseExactJson, skipWarnings } from './exact-json';
import { nameFromWire, ownerFromWire } from './status-wire';
import { id, text, textList } from './wire-fields';

const maybe = z.boolean().nullish();
/**
 * `tailcfg.NetInfo`: what a node reported from its last network check to the coordination server; its booleans may be
 * absent.
 */
const netInfo = z.object({
  WorkingUDP: maybe,
  WorkingIPv6: maybe,
  MappingVariesByDestIP: maybe,
  UPnP: maybe,
  PMP: maybe,
  PCP: maybe,
});

/** `apitype.WhoIsResponse`, the same from LocalAPI and from `tailscale whois --json`. */
const whoisSchema = z.object({
  Node: z.object({
    StableID: z.string().min(1),
    Name: text,
    ComputedName: text,
    Tags: textList,
    Hostinfo: z.object({ Hostname: text, NetInfo: netInfo.nullish() }).nullish(),
  }),
  UserProfile: z.object({ ID: id, LoginName: text, DisplayName: text }),
});

/** Body → domain. `address` serves as the name when there is no other. Throws `SyntaxError` or `ZodError`. */
export function whoisFromBody(body: string, address: string): Whois {
  const { Node, UserProfile } = whoisSchema.parse(parseExactJson(skipWarnings(body)));
  return {
    nodeId: Node.StableID,
    device: nameFromWire(Node.Name || Node.ComputedName, Node.Hostinfo?.Hostname ?? '', address),
    user: ownerFromWire(UserProfile),
    tags: Node.Tags,
    network: networkFromWire(Node.Hostinfo?.NetInfo),
  };
}

function networkFromWire(info: z.infer<typeof netInfo> | null | undefined): EndFacts | null {
  if (!info) return null;
  const probed = [info.UPnP, info.PMP, info.PCP].some((found) => typeof found === 'boolean');
  const protocols = [info.UPnP && 'upnp', info.PMP && 'pmp', info.PCP && 'pcp'];
  return {
    udp: info.WorkingUDP ?? null,
    ipv6: info.WorkingIPv6 ?? null,
    hardNat: info.MappingVariesByDestIP ?? null,
    portMapping: probed ? protocols.filter((name) => typeof name === 'string') : null,
  };
}

/**
 * Returns whether tailscaled (`no match for IP:port`) or its CLI (`peer not found`) says that no node holds the
 * address.
 */
export function saysNoMatch(body: string): boolean {
  return /^\s*(no match for IP|peer not found)/im.test(body);
}
