import { VISITORS } from './people';
import { ENDPOINTS } from './traffic';

/** A call of the API: the group it is reported in, and its address. */
export type Call = {
  group: string;
  path: string;
  /** Requests the second page of the list instead of the first. */
  nextPage?: boolean;
};

// Neither the busiest nor the least busy.
const user = VISITORS[5]?.login ?? '';
const device = VISITORS[7]?.hostname ?? '';
const endpoint = ENDPOINTS[6] ?? '';

const FILTERS: readonly Record<string, string>[] = [
  {},
  { user },
  { device },
  { endpoint },
  { status: '4xx' },
  { status: '502' },
  { bots: 'true' },
  { user, status: '5xx' },
  { device, endpoint },
  { user, endpoint, status: '404' },
];

/** The ranges the dashboard offers. */
const DAYS = [1, 7, 30, 90];

/** Every analytics call that a page makes, for every range and filter. */
export const ANALYTICS_CALLS: readonly Call[] = [
  ...DAYS.flatMap((days) =>
    FILTERS.map((filter) => ({
      group: `dashboard-usage, ${days} d`,
      path: `/analytics/dashboard-usage?${new URLSearchParams({ days: String(days), ...filter })}`,
    })),
  ),
  ...DAYS.flatMap((days) =>
    FILTERS.map((filter) => ({
      group: `access-logs (100), ${days} d`,
      path: `/analytics/access-logs?${new URLSearchParams({ hours: String(days * 24), limit: '100', ...filter })}`,
    })),
  ),
  ...FILTERS.slice(0, 5).map((filter) => ({
    group: 'access-logs (100), next page',
    path: `/analytics/access-logs?${new URLSearchParams({ hours: '720', limit: '100', ...filter })}`,
    nextPage: true,
  })),
  { group: 'quota-status', path: '/analytics/quota-status' },
  { group: 'devices (500 peers)', path: '/analytics/devices' },
];

/** The requests of one visit to the dashboard, one after another. */
export const DASHBOARD_CALLS: readonly Call[] = [
  { group: '/vpn', path: '/vpn' },
  { group: 'dashboard-usage', path: '/analytics/dashboard-usage?days=7' },
  { group: 'dashboard-usage, filtered', path: `/analytics/dashboard-usage?days=30&user=${user}` },
  { group: 'access-logs', path: '/analytics/access-logs?hours=24&limit=100' },
  { group: 'devices', path: '/analytics/devices' },
  { group: 'quota-status', path: '/analytics/quota-status' },
  { group: 'log-doctor', path: '/analytics/log-doctor' },
];
