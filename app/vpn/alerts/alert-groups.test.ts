import { describe, expect, it } from 'vitest';
import type { AlertsResponse } from '../../../lib/api/health-schemas';
import { inLanguage } from '../../../lib/i18n/on-server';
import { groupAlerts, groupTitle } from './alert-groups';

const NOW = Date.UTC(2026, 10, 24, 12);
type OpenAlert = AlertsResponse['open'][number];
const alert = (id: number, over: Partial<OpenAlert> = {}): OpenAlert => ({
  ...{ id, rule: 'key_expiring', topic: `key_${id}`, node_id: `n${id}`, hostname: `pi-${id}` },
  ...{ state: 'firing', severity: 'warning', title: `The key of pi-${id} expires`, evidence: [] },
  ...{ since: new Date(NOW).toISOString(), fired_at: null, resolved_at: null },
  ...{ acknowledged_at: null, acknowledged_by: null, muted: false },
  due_at: new Date(NOW + (22 + id) * 3_600_000).toISOString(),
  ...over,
});
const many = (length: number, over: Partial<OpenAlert> = {}) =>
  Array.from({ length }, (_, index) => alert(index + 1, over));
const titles = (open: readonly OpenAlert[]) =>
  groupAlerts(open).map((group) => groupTitle(group, NOW).replaceAll('\u00a0', ' '));

describe('open alerts', () => {
  it('are one line when many are of one kind, which says when the first key expires', () => {
    expect(titles(many(31))).toEqual(['31 keys expire, the first in 23 h']);
    expect(titles(many(3, { due_at: null }))).toEqual(['3 keys expire']);
    const spanish = inLanguage('es', () => titles(many(31)));
    expect(spanish).toEqual(['31 claves caducan, la primera en 23 h']);
  });

  it('are listed one by one when there are two, in the order of the worst', () => {
    const open = [alert(1, { rule: 'offline', severity: 'critical' }), ...many(2)];
    expect(groupAlerts(open).map(({ alerts }) => alerts.length)).toEqual([1, 1, 1]);
  });

  it('are not put together across what is muted, acknowledged or worse', () => {
    const open = [...many(3), ...many(3, { muted: true }), ...many(3, { severity: 'critical' })];
    expect(groupAlerts(open).map(({ alerts }) => alerts.length)).toEqual([3, 3, 3]);
  });

  it('say of expired keys that they have', () => {
    const due_at = new Date(NOW - 1).toISOString();
    expect(titles(many(3, { due_at, severity: 'critical' }))).toEqual(['3 keys have expired']);
  });

  it('have a name for many of every kind', () => {
    expect(titles(many(4, { rule: 'offline' }))).toEqual(['4 devices are offline']);
    expect(titles(many(4, { rule: 'packet_loss' }))).toEqual(['Packet loss to 4 devices']);
  });
});
