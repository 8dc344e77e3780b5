'use client';

import type { AlertsResponse } from '@/lib/api/health-schemas';
import { t } from '@/lib/i18n/t';
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
  const of = (list: AlertsResponse['history']) => list.filter(({ node_id }) => node_id === id);
  const health = asSeenBy('/vpn/health', useCollector());
  const open = of(alerts?.open ?? []);
  const past = of(alerts?.history ?? []).slice(0, PAST);
  return (
    <Panel
      title={t('alerts.title')}
      note={<a href={`${health}#alerts`}>{t('alerts.allAlerts')}</a>}
    >
      {open.length + past.length === 0 ? (
        <Empty title={t(error ? 'alerts.notRefreshed' : 'alerts.noneOfDevice')}>
          {error?.message}
        </Empty>
      ) : (
        <AlertRows alerts={[...open, ...past]} onChange={refresh} />
      )}
    </Panel>
  );
}
