'use client';

import type { AlertsResponse } from '@/lib/api/health-schemas';
import { Empty } from '../../../_ui/empty';
import { Panel } from '../../../_ui/panel';
import type { Polled } from '../../../_ui/polling';
import { AlertRows } from '../../alerts/alert-rows';
import { useCollector } from '../../use-collector';
import { asSeenBy } from '../../view';

const PAST = 5;

/** The alerts about one device: the open ones, then the last resolved ones. */
export function DeviceAlerts({
  id,
  polled: { data: alerts, error, refresh },
}: {
  id: string;
  polled: Polled<AlertsResponse>;
}) {
  const of = (list: AlertsResponse['open']) => list.filter(({ node_id }) => node_id === id);
  const health = asSeenBy('/vpn/health', useCollector());
  const open = of(alerts?.open ?? []);
  const past = of(alerts?.history ?? []).slice(0, PAST);
  return (
    <Panel title="Alerts" note={<a href={`${health}#alerts`}>All alerts</a>}>
      {open.length + past.length === 0 ? (
        <Empty title={error ? 'The alerts could not be refreshed' : 'No alerts about this device'}>
          {error?.message}
        </Empty>
      ) : (
        <AlertRows alerts={[...open, ...past]} onChange={refresh} />
      )}
    </Panel>
  );
}
