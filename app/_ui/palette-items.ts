import type { DevicesResponse, UsageResponse } from '../../lib/api/schemas';

/** Something the palette can find; choosing it filters the dashboard by it. */
export type PaletteItem = {
  kind: 'device' | 'user' | 'endpoint';
  /** The filter's value. */
  value: string;
  label: string;
  detail: string;
};

/** Every node, user and endpoint known, each once; what the tailnet says goes before what the log says. */
export function paletteItems(
  devices: DevicesResponse | undefined,
  usage: UsageResponse | undefined,
): PaletteItem[] {
  const items = new Map<string, PaletteItem>();
  const add = (item: PaletteItem) => {
    const key = `${item.kind} ${item.value}`;
    if (item.value && !items.has(key)) items.set(key, item);
  };
  for (const { hostname, addresses, os, user } of devices?.devices ?? []) {
    const detail = [os, user?.login, addresses[0]].filter(Boolean).join(' · ');
    add({ kind: 'device', value: hostname, label: hostname, detail });
  }
  for (const { user } of devices?.devices ?? []) {
    if (user) add({ kind: 'user', value: user.login, label: user.login, detail: user.name });
  }
  for (const { user, name } of usage?.by_user ?? []) {
    add({ kind: 'user', value: user, label: user, detail: name });
  }
  for (const { device, user } of usage?.by_device ?? []) {
    add({ kind: 'device', value: device, label: device, detail: user });
  }
  for (const { endpoint } of usage?.top_endpoints ?? []) {
    add({ kind: 'endpoint', value: endpoint, label: endpoint, detail: '' });
  }
  return [...items.values()];
}

/** The best `limit` items that contain every word of `query`; a match at the start of the label goes first. */
export function findItems(
  items: readonly PaletteItem[],
  query: string,
  limit: number,
): PaletteItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  const found: { item: PaletteItem; rank: number }[] = [];
  for (const item of items) {
    const label = item.label.toLowerCase();
    const all = `${label}\n${item.detail.toLowerCase()}\n${item.kind}`;
    if (!words.every((word) => all.includes(word))) continue;
    found.push({ item, rank: label.startsWith(first) ? 0 : label.includes(first) ? 1 : 2 });
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ item }) => item);
}
