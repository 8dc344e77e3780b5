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
  const add = (code: string, title: string, detail: string, nextStep: string) =>
    causes.push({ code, title, detail, nextStep });
  const ends = [
    { facts: ours, who: 'this device', code: 'ours' },
    { facts: theirs, who: name, code: 'theirs' },
  ];
  for (const { facts, who, code } of ends) {
    if (facts?.udp === false) {
      add(
        `udp-blocked-${code}`,
        `UDP is blocked at ${who}`,
        'Direct connections are made over UDP. Without it everything goes over a relay by TCP.',
        `Let UDP out of the network of ${who}: to any port, or at least from port 41641 and to port 3478.`,
      );
    }
  }
  const hard = ends.filter(({ facts }) => facts?.hardNat === true);
  const unmapped = hard.filter(({ facts }) => (facts?.portMapping ?? []).length === 0);
  if (hard.length === 2 && unmapped.length > 0) {
    add(
      'hard-nat-both',
      'Both ends are behind a hard NAT',
      'Each router gives every destination another port, so neither end can tell the other where to send.',
      'Turn on UPnP or NAT-PMP in one of the routers, or forward UDP port 41641 to the device behind it.',
    );
  } else if (unmapped.length > 0) {
    const [{ who, code } = { who: '', code: '' }] = unmapped;
    add(
      `hard-nat-${code}`,
      `A hard NAT without port mapping at ${who}`,
      'Its router gives every destination another port. That still works against an open or easy NAT, but not always.',
      `Turn on UPnP or NAT-PMP in the router of ${who}, or forward UDP port 41641 to it.`,
    );
  }
  if (causes.length > 0 && (ours?.ipv6 === false || theirs?.ipv6 === false)) {
    const who = ours?.ipv6 === false ? 'this device' : name;
    add(
      'no-ipv6',
      `No IPv6 at ${who}`,
      'With IPv6 at both ends there is no NAT in between.',
      `Turn on IPv6 in the network of ${who}, if its provider has it.`,
    );
  }
  if (causes.length === 0) {
    const isMeasured = [ours, theirs].every((end) => end?.udp === true && end.hardNat !== null);
    add(
      isMeasured ? 'firewall' : 'unknown',
      isMeasured ? 'Neither NAT explains it' : 'Too little is known of both ends',
      isMeasured
        ? 'Both ends can use UDP and neither NAT is hard, so a firewall between them is likely, or the direct path was lost a moment ago.'
        : unknowns(ours, theirs, name).join(' '),
      isMeasured
        ? `Look at the firewalls of both networks for UDP, then ping ${name} again.`
        : ours === null
          ? 'Run a network check here.'
          : `See that ${name} is up to date and has been online lately, then check again.`,
    );
  }
  return causes;
}

/** Lists what is missing for each end: a check that was never made, or one that could not measure it. */
function unknowns(ours: EndFacts | null, theirs: EndFacts | null, name: string): string[] {
  const missing: string[] = [];
  if (ours === null) missing.push('There is no network check of this device yet.');
  else if (ours.hardNat === null) {
    missing.push(
      'The NAT of this device was not measurable: too few relay servers answered its network check.',
    );
  }
  if (theirs === null) missing.push(`${name} has not reported a network check of its own.`);
  else if (theirs.hardNat === null || theirs.udp === null) {
    missing.push(`The NAT of ${name} was not measurable by its own network check.`);
  }
  return missing;
}
