'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import type { Loaded } from '@/lib/calls/call';
import { usageCall } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { usePolling } from '../../_ui/polling';
import { rich } from '../../_ui/rich';
import styles from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import { Freshness, StaleNotice } from '../freshness';
import { type Circumstances, NoAccesses } from '../no-accesses';
import { serviceOf } from '../service-names';
import { ServicesTable, serviceCount, servicesCsv } from '../services-table';
import { Toolbar } from '../toolbar';
import { apiParameters, rangeWords, viewHref, withFilter } from '../view';
import { useView, ViewProvider } from '../view-context';

const USAGE_MS = 5_000;

type ServicesProps = {
  initial: Loaded<UsageResponse>;
  /** Why there was no access; `null` where there was one. */
  why: Circumstances | null;
};

/** Every service, kept up to date in the browser. */
export function ServicesScreen({ now, ...props }: ServicesProps & { now: number }) {
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn/services" live>
        <LiveServices {...props} />
      </ViewProvider>
    </ClockProvider>
  );
}

function LiveServices({ initial, why }: ServicesProps) {
  const { view } = useView();
  const polled = usePolling(usageCall(apiParameters(view)), USAGE_MS, initial);
  const usage = polled.data ?? initial.initial;
  return (
    <main id="main" className={frame.page}>
      <h1 className={styles.title}>{t('common.services')}</h1>
      {polled.error && <StaleNotice answeredAt={polled.answeredAt} error={polled.error} />}
      <Toolbar>
        <Freshness polled={polled} onRefresh={polled.refresh} />
      </Toolbar>
      <div className={`${frame.sections} ${styles.list}`} aria-busy={polled.pending}>
        {usage.total_accesses === 0 && why ? (
          <NoAccesses {...why} leftOut={usage.left_out} />
        ) : (
          <Panel
            title={t('serviceList.mostFirst')}
            note={t('serviceList.counted', {
              services: serviceCount(usage),
              during: rangeWords(view.range).during,
            })}
            csv={() => servicesCsv(usage)}
          >
            <Services usage={usage} />
          </Panel>
        )}
      </div>
    </main>
  );
}

function Services({ usage }: { usage: UsageResponse }) {
  const { view } = useView();
  if (usage.total_accesses === 0) return <Empty title={t('dashboard.noAccesses')} />;
  if (usage.by_host.every(({ host }) => host === null)) {
    return (
      <Empty title={t('serviceList.noHost')}>
        {rich('serviceList.noHostNext', { variable: () => <code>$host</code> })}
      </Empty>
    );
  }
  return (
    <ServicesTable
      usage={usage}
      name={(service) => {
        const { value, text } = serviceOf(service);
        return (
          <a href={viewHref(withFilter(view, 'host', value))}>
            <Name text={text} />
          </a>
        );
      }}
    />
  );
}
