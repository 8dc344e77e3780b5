/** The rules about relays by their anchors in `docs/WHY_RELAYED.md`, and on the page of rules. */
export const RELAY_RULES = {
  'udp-blocked': 'udpBlocked',
  'hard-nat': 'hardNat',
  'no-ipv6': 'noIpv6',
  firewall: 'firewall',
  unknown: 'unknown',
} as const;

const RULES = '/vpn/health/rules';

/** Returns where the rule of an alert is explained. */
export const alertRuleHref = (rule: string) => `${RULES}#${rule}`;

/** Returns where a cause's rule is explained: its source names a place in the documentation. */
export function relayRuleHref(source: string): string {
  const anchor = source.split('#')[1] ?? '';
  return anchor in RELAY_RULES ? `${RULES}#${anchor}` : RULES;
}
