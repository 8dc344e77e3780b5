import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alertRuleHref, RELAY_RULES, relayRuleHref } from './rule-links';

it('leads from a cause to its rule', () => {
  expect(relayRuleHref('docs/WHY_RELAYED.md#hard-nat')).toBe('/vpn/health/rules#hard-nat');
  expect(relayRuleHref('docs/WHY_RELAYED.md')).toBe('/vpn/health/rules');
  expect(alertRuleHref('latency')).toBe('/vpn/health/rules#latency');
});

it('knows every rule that the documentation has', () => {
  const documented = readFileSync('docs/WHY_RELAYED.md', 'utf8').matchAll(/<a id="([\w-]+)">/g);
  expect(Object.keys(RELAY_RULES).sort()).toEqual([...documented].map(([, id]) => id).sort());
});
