/** What a badge may show. */
const BADGE_KINDS = ['online', 'uptime', 'latency'] as const;
export type BadgeKind = (typeof BADGE_KINDS)[number];

/** A badge by what it shows; `device`: any of its names, `null` for all devices together. */
export type BadgeName = { kind: BadgeKind; device: string | null };

/** Reads the path of a badge, such as `/badge/online/nas.svg` or `/badge/uptime.svg`; `null` when it is none. */
export function badgeAt(pathname: string): BadgeName | null {
  const [, name] = /^\/badge\/([^?#]{1,400})\.svg$/.exec(pathname) ?? [];
  try {
    return name === undefined ? null : badgeNamed(decodeURIComponent(name));
  } catch {
    return null;
  }
}

/** Reads the name of a badge, such as `online/nas` or `uptime`; `null` when it is none. */
export function badgeNamed(text: string): BadgeName | null {
  const [, word, device = null] = /^([a-z]+)(?:\/([^/\s]{1,255}))?$/.exec(text) ?? [];
  const kind = BADGE_KINDS.find((known) => known === word);
  return kind ? { kind, device } : null;
}

/** Returns the one way to write a badge's name. */
export const badgeKey = ({ kind, device }: BadgeName): string =>
  device === null ? kind : `${kind}/${device.toLowerCase()}`;
