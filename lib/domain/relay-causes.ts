import { t } from '../i18n/t';

/** What is known about one device's connection to the internet; `null`: unknown. */
export type EndFacts = {
  udp: boolean | null;
  ipv6: boolean | null;
  /** The NAT creates a new mapping for each destination. */
  hardNat: boolean | null;
  /** Port mapping protocols that work. */
  portMapping: readonly string[] | null;
};

export type RelayCause = { code: string; title: string; detail: string; nextStep: string };

/**
 * Lists why two devices may reach each other only by a relay, likeliest first, from what both know about themselves.
 * The rules are explained, with their sources, in `docs/WHY_RELAYED.md`. Never empty: what cannot be determined is
 * listed too.
 */
export function relayCauses(
  ours: EndFacts | null,
  theirs: EndFacts | null,
  name: string,
): RelayCause[] {
  const causes: RelayCause[] = [];
  const ends = [
    { facts: ours, who: t('relayCauses.thisDevice'), code: 'ours' },
    { facts: theirs, who: name, code: 'theirs' },
  ];
  for (const { facts, who, code } of ends) {
    if (facts?.udp !== false) continue;
    causes.push({
      code: `udp-blocked-${code}`,
      title: t('relayCauses.udpBlocked', { who }),
      detail: t('relayCauses.udpBlockedDetail'),
      nextStep: t('relayCauses.udpBlockedStep', { who }),
    });
  }
  const hard = ends.filter(({ facts }) => facts?.hardNat === true);
  const unmapped = hard.filter(({ facts }) => (facts?.portMapping ?? []).length === 0);
  const [first] = unmapped;
  if (first && hard.length === 2) {
    causes.push({
      code: 'hard-nat-both',
      title: t('relayCauses.hardNatBoth'),
      detail: t('relayCauses.hardNatBothDetail'),
      nextStep: t('relayCauses.hardNatBothStep'),
    });
  } else if (first) {
    const { who, code } = first;
    causes.push({
      code: `hard-nat-${code}`,
      title: t('relayCauses.hardNat', { who }),
      detail: t('relayCauses.hardNatDetail'),
      nextStep: t('relayCauses.hardNatStep', { who }),
    });
  }
  const without = ends.find(({ facts }) => facts?.ipv6 === false);
  if (causes.length > 0 && without) {
    const { who } = without;
    causes.push({
      code: 'no-ipv6',
      title: t('relayCauses.noIpv6', { who }),
      detail: t('relayCauses.noIpv6Detail'),
      nextStep: t('relayCauses.noIpv6Step', { who }),
    });
  }
  return causes.length > 0 ? causes : [unexplained(ours, theirs, name)];
}

function unexplained(ours: EndFacts | null, theirs: EndFacts | null, name: string): RelayCause {
  const isMeasured = [ours, theirs].every((end) => end?.udp === true && end.hardNat !== null);
  if (isMeasured) {
    return {
      code: 'firewall',
      title: t('relayCauses.firewall'),
      detail: t('relayCauses.firewallDetail'),
      nextStep: t('relayCauses.firewallStep', { name }),
    };
  }
  return {
    code: 'unknown',
    title: t('relayCauses.unknown'),
    detail: unknowns(ours, theirs, name).join(' '),
    nextStep: ours === null ? t('relayCauses.checkHere') : t('relayCauses.checkThere', { name }),
  };
}

/** Lists what is missing for each end: a check that was never made, or one that could not measure it. */
function unknowns(ours: EndFacts | null, theirs: EndFacts | null, name: string): string[] {
  const missing: string[] = [];
  if (ours === null) missing.push(t('relayCauses.noCheckHere'));
  else if (ours.hardNat === null) missing.push(t('relayCauses.noNatHere'));
  if (theirs === null) missing.push(t('relayCauses.noCheckThere', { name }));
  else if (theirs.hardNat === null || theirs.udp === null) {
    missing.push(t('relayCauses.noNatThere', { name }));
  }
  return missing;
}
