import { z } from 'zod';
import { parseExactJson, skipWarnings } from './exact-json';
import { hostnameFromWire, ownerFromWire } from './status-wire';
import type { Whois } from './tailscale';
import { id, text, textList } from './wire-fields';

/** `apitype.WhoIsResponse`, the same from LocalAPI and from `tailscale whois --json`. */
const whoisSchema = z.object({
  Node: z.object({
    StableID: z.string().min(1),
    Name: text,
    ComputedName: text,
    Tags: textList,
    Hostinfo: z.object({ Hostname: text }).nullish(),
  }),
  UserProfile: z.object({ ID: id, LoginName: text, DisplayName: text }),
});

/** Body → domain. `address` names the device when nothing else does. Throws `SyntaxError` or `ZodError`. */
export function whoisFromBody(body: string, address: string): Whois {
  const { Node, UserProfile } = whoisSchema.parse(parseExactJson(skipWarnings(body)));
  return {
    nodeId: Node.StableID,
    device: hostnameFromWire(Node.Hostinfo?.Hostname || Node.ComputedName, Node.Name, address),
    user: ownerFromWire(UserProfile),
    tags: Node.Tags,
  };
}

/** The words tailscaled (`no match for IP:port`) and its CLI (`peer not found`) have for an address that no node holds. */
export function saysNoMatch(body: string): boolean {
  return /^\s*(no match for IP|peer not found)/im.test(body);
}
