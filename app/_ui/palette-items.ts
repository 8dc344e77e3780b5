import type { DevicesResponse, UsageResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { pathWord } from './meanings';
import { sitePages } from './site-pages';

/** The filters of the dashboard that the palette can set. */
type PaletteFilter = 'device' | 'user' | 'endpoint' | 'host';

/**
 * Something the palette can find. `href` is its own page, where it has one; `filter` narrows the dashboard to it; an
 * action is run.
 */
export type PaletteItem = {
  kind: PaletteFilter | 'page' | 'action';
  label: string;
  detail: string;
  /** Words it is found by although they are not shown. */
  keywords: string;
  href: string | null;
  filter: { name: PaletteFilter; value: string } | null;
  run?: () => void;
};

/** Returns the name of a kind of item, as the list shows it. */
export const kindWord = (kind: PaletteItem['kind']) => t(`palette.kind_${kind}`);

/** The pages of the site, for those who may see them. */
export function palettePages(isAdmin: boolean): PaletteItem[] {
  return sitePages(isAdmin).map(({ label, href, keywords }) => ({
    kind: 'page',
    label: t(label),
    detail: '',
    keywords: t(keywords),
    href,
    filter: null,
  }));
}

/** Lists every device, user and endpoint once; what the tailnet reports goes before what the log reports. */
export function paletteItems(
  devices: DevicesResponse | undefined,
  usage: UsageResponse | undefined,
): PaletteItem[] {
  const items = new Map<string, PaletteItem>();
  const add = (
    name: PaletteFilter,
    value: string,
    detail: string,
    rest: { href?: string; keywords?: string } = {},
  ) => {
    const key = `${name} ${value}`;
    if (!value || items.has(key)) return;
    const { href = null, keywords = '' } = rest;
    const filter = { name, value };
    items.set(key, { kind: name, label: value, detail, keywords, href, filter });
  };
  for (const device of devices?.devices ?? []) {
    const { id, hostname, addresses, os, user, path, online } = device;
    const state = online ? path : 'offline';
    const detail = [pathWord(state), os, user?.login, addresses[0]].filter(Boolean).join(' · ');
    const isOnline = online ? ['online', t('palette.online')] : [];
    const keywords = [device.dns_name, ...device.tags, state, ...isOnline].join(' ');
    add('device', hostname, detail, { href: deviceHref(id), keywords });
  }
  for (const { user } of devices?.devices ?? []) {
    if (user) add('user', user.login, user.name);
  }
  for (const { user, name } of usage?.by_user ?? []) add('user', user, name);
  for (const { device, user } of usage?.by_device ?? []) {
    add('device', device, user, { href: deviceHref(device) });
  }
  for (const { endpoint } of usage?.top_endpoints ?? []) add('endpoint', endpoint, '');
  for (const { host } of usage?.by_host ?? []) add('host', host ?? '', '');
  return [...items.values()];
}

const deviceHref = (id: string) => `/vpn/devices/${encodeURIComponent(id)}`;

/** Returns the best `limit` items that contain every word of `query`; a match at the start of the label goes first. */
export function findItems(
  items: readonly PaletteItem[],
  query: string,
  limit: number,
): PaletteItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  const matches: { item: PaletteItem; rank: number }[] = [];
  for (const item of items) {
    const label = item.label.toLowerCase();
    const text = `${label}\n${item.detail}\n${item.keywords}\n${kindWord(item.kind)}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    matches.push({ item, rank: label.startsWith(first) ? 0 : label.includes(first) ? 1 : 2 });
  }
  return matches
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ item }) => item);
}
