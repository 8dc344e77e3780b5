import type { AlertResponse, AlertsResponse } from '@/lib/api/health-schemas';
import { formatDuration } from '../../../lib/domain/format';
import { t } from '../../../lib/i18n/t';

type OpenAlert = AlertsResponse['open'][number];
/** Alerts of one kind that are in the same state; never empty. */
export type AlertGroup = { key: string; first: OpenAlert; alerts: OpenAlert[] };

/** As many alerts of a kind are listed one by one. */
const ONE_BY_ONE = 2;

/** Whether an alert calls for attention: it fires, and is neither muted nor acknowledged. */
export const isLoud = ({ state, muted, acknowledged_at }: AlertResponse) =>
  state === 'firing' && !muted && acknowledged_at === null;

/** Groups many open alerts of one kind and state, in the order of the first of each. */
export function groupAlerts(open: readonly OpenAlert[]): AlertGroup[] {
  const groups = new Map<string, AlertGroup>();
  for (const alert of open) {
    const { rule, severity, state, muted, acknowledged_at } = alert;
    const key = [rule, severity, state, muted, acknowledged_at !== null].join(' ');
    const group = groups.get(key);
    if (group) group.alerts.push(alert);
    else groups.set(key, { key, first: alert, alerts: [alert] });
  }
  return [...groups.values()].flatMap((group) =>
    group.alerts.length > ONE_BY_ONE
      ? [group]
      : group.alerts.map((alert) => ({ key: `${alert.id}`, first: alert, alerts: [alert] })),
  );
}

/** Names a group: `31 keys expire, the first in 23 h`. `now` in epoch milliseconds. */
export function groupTitle({ first, alerts }: AlertGroup, now: number): string {
  const { rule } = first;
  const count = alerts.length;
  if (rule !== 'key_expiring') return t(`alerts.many_${rule}`, { count });
  const times = alerts.flatMap(({ due_at }) => (due_at === null ? [] : Date.parse(due_at)));
  const next = Math.min(...times);
  if (next <= now) return t('alerts.many_key_expired', { count });
  if (times.length === 0) return t('alerts.many_key_expiring', { count });
  return t('alerts.many_key_expiring_first', { count, length: formatDuration(next - now) });
}
