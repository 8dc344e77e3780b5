'use client';

import type { AlertsWire } from '@/lib/api/health-schemas';
import { Empty } from '../../../_ui/empty';
import type { Live } from '../../../_ui/live';
import { Panel } from '../../../_ui/panel';
import { AlertRows } from '../../alerts/alert-rows';

const PAST = 5;

/** The alerts about one node: those open, then the last ones resolved. */
export function NodeAlerts({
  id,
  alerts,
  live,
}: {
  id: string;
  alerts: AlertsWire | null;
  live: Live<AlertsWire>;
}) {
  const of = (list: AlertsWire['open']) => list.filter(({ node_id }) => node_id === id);
  const open = of(alerts?.open ?? []);
  const past = of(alerts?.history ?? []).slice(0, PAST);
  return (
    <Panel title="Alerts" note={<a href="/vpn/health#alerts">All alerts</a>}>
      {open.length + past.length === 0 ? (
        <Empty
          title={live.error ? 'The alerts could not be refreshed' : 'No alert about this node'}
        >
          {live.error?.message}
        </Empty>
      ) : (
        <AlertRows alerts={[...open, ...past]} onChange={live.refresh} />
      )}
    </Panel>
  );
}
