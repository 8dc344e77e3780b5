import { type Said, say } from './said';

/**
 * Why Envoy's default text format is not read: the only client address in it is `X-Forwarded-For`, which clients write,
 * and it does not escape quotes. Source: Envoy's documentation, "Access logging", default format string.
 */
export const ENVOY_REASON =
  "Envoy's default format, whose only client address (X-Forwarded-For) is one that clients write";

/** Reasons as the formats give them, up to a colon that what was found follows. */
const KEYS = new Map<string, Parameters<typeof say>[0]>([
  ['not an IP address', 'rejected.notAddress'],
  ['not a status', 'rejected.notStatus'],
  ['no such time', 'rejected.noSuchTime'],
  ['not a number of bytes', 'rejected.notBytes'],
  ['not a JSON object', 'rejected.notJson'],
  ['a field stands there twice', 'rejected.twice'],
  ['an address field that no other line has', 'rejected.unusualAddress'],
  ['the first word may be the host a client asked for', 'rejected.maybeHost'],
  ['a list of addresses, which clients write themselves, in front', 'rejected.addressList'],
  ['the user agent has no closing quote', 'rejected.agentOpen'],
  ['the request has no closing quote', 'rejected.requestOpen'],
  ['the referer has no closing quote', 'rejected.refererOpen'],
  ['no status after the request', 'rejected.noStatus'],
  ['no [Client …] behind the address that was asked for', 'rejected.noClient'],
  ['can be read in too many ways', 'rejected.tooManyWays'],
  ['can be read in two ways, since free text stands outside quotes', 'rejected.twoWays'],
  ["goes on after the format's end", 'rejected.goesOn'],
  ['longer than 64 KiB', 'rejected.tooLong'],
  ['two addresses in front, and a client may have written either', 'rejected.twoAddresses'],
  ['two client addresses that differ', 'rejected.addressesDiffer'],
  ['no client_ip and status, as Caddy logs them', 'rejected.notCaddy'],
  ['no [time] before the request', 'rejected.noTimeBefore'],
  ['no quoted request', 'rejected.noRequest'],
  [ENVOY_REASON, 'rejected.envoy'],
]);

/** Returns why a line was rejected, for a reader of any language; a reason of another version is passed on as it is. */
export function reasonSaid(reason: string): Said {
  const [, cause = '', value = ''] = /^([^:]*)(?:: ([\s\S]*))?$/.exec(reason) ?? [];
  const key = KEYS.get(reason) ?? KEYS.get(cause);
  if (key) return say(key, { value });
  const [, literal, variable] = /^no ("[\s\S]*") after (\S+)$/.exec(reason) ?? [];
  if (literal && variable) return say('rejected.missing', { literal, variable });
  const [, program] = /^not (.+)'s format$/.exec(reason) ?? [];
  if (program) return say('rejected.notFormat', { program });
  const [, what, names] = /^no (time|client address) \((.*)\)$/.exec(reason) ?? [];
  if (!names) return say('rejected.other', { reason });
  return say(what === 'time' ? 'rejected.noTime' : 'rejected.noAddress', { names });
}
