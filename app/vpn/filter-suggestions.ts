import type { UsageResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { statusClasses } from './status-classes';

/** Something to type into the filter bar; `label` says more about it, if there is more to say. */
export type Suggestion = { typed: string; label?: string };

/** Returns what an answer's accesses can be filtered by, the most frequent of each kind first. */
export function filterSuggestions(usage: UsageResponse): Suggestion[] {
  const names = usage.by_device.map(({ device }) => device);
  const isShared = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  const hosts = usage.by_host.flatMap(({ host }) => host ?? []);
  return [
    ...(hosts.length > 1 ? hosts.map((host) => ({ typed: `host:${host}` })) : []),
    ...usage.by_user.map(({ user, name }) => suggestion('user', user, name)),
    ...usage.by_device.map(({ device, id, user }) =>
      id !== null && isShared(device)
        ? { typed: `device:${id}`, label: t('view.deviceOf', { device, user, id }) }
        : suggestion('device', device),
    ),
    ...statusClasses(usage.by_status).flatMap(({ code, codes }) =>
      code === 0
        ? []
        : [`${code}xx`, ...codes.map((one) => one.code)].map((status) => ({
            typed: `status:${status}`,
          })),
    ),
    ...beginnings(usage).map((beginning) => ({ typed: `endpoint:${beginning}*` })),
    ...[...new Set(usage.top_endpoints.map(({ endpoint }) => endpoint))].map((endpoint) => ({
      typed: `endpoint:${endpoint}`,
    })),
  ];
}

function suggestion(name: string, value: string, detail = ''): Suggestion {
  const typed = `${name}:${value}`;
  return detail === '' || detail === value ? { typed } : { typed, label: `${typed} (${detail})` };
}

/** Returns the first segments that several endpoints have: `/git/`. */
function beginnings({ top_endpoints }: UsageResponse): string[] {
  const counts = new Map<string, number>();
  for (const { endpoint } of top_endpoints) {
    const first = /^\/[^/]+\//.exec(endpoint)?.[0];
    if (first) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  return [...counts].flatMap(([first, count]) => (count > 1 ? [first] : []));
}
