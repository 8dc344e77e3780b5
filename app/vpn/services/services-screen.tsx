'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import type { Loaded } from '@/lib/calls/call';
import { usageCall } from '@/lib/calls/page-calls';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { usePolling } from '../../_ui/polling';
import styles from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import { Freshness, StaleNotice } from '../freshness';
import { serviceOf } from '../service-names';
import { ServicesTable, serviceCount, servicesCsv } from '../services-table';
import { Toolbar } from '../toolbar';
import {
  apiParameters,
  isFiltered,
  rangeWords,
  viewHref,
  withFilter,
  withoutFilters,
} from '../view';
import { useView, ViewLink, ViewProvider } from '../view-context';

const USAGE_MS = 5_000;

/** Every service, kept up to date in the browser. */
export function ServicesScreen({ now, initial }: { now: number; initial: Loaded<UsageResponse> }) {
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn/services" live>
        <LiveServices initial={initial} />
      </ViewProvider>
    </ClockProvider>
  );
}

function LiveServices({ initial }: { initial: Loaded<UsageResponse> }) {
  const { view } = useView();
  const polled = usePolling(usageCall(apiParameters(view)), USAGE_MS, initial);
  const usage = polled.data ?? initial.initial;
  return (
    <main id="main" className={frame.page}>
      <h1 className={styles.title}>Services</h1>
      {polled.error && <StaleNotice answeredAt={polled.answeredAt} error={polled.error} />}
      <Toolbar>
        <Freshness polled={polled} onRefresh={polled.refresh} />
      </Toolbar>
      <div className={frame.sections} aria-busy={polled.pending}>
        <Panel
          title="Most accessed first"
          note={`${serviceCount(usage)} ${rangeWords(view.range).during}`}
          csv={() => servicesCsv(usage)}
        >
          <Services usage={usage} />
        </Panel>
      </div>
    </main>
  );
}

function Services({ usage }: { usage: UsageResponse }) {
  const { view } = useView();
  if (usage.by_host.every(({ host }) => host === null)) {
    return usage.by_host.length === 0 && isFiltered(view) ? (
      <Empty title="No access matches">
        <ViewLink to={withoutFilters(view)}>Remove the filters</ViewLink>
      </Empty>
    ) : (
      <Empty title="The log names no host">
        Services are told apart by the host that the log says, or the name of its file. With one
        service there is nothing to do; nginx logs the host as <code>$host</code>.
      </Empty>
    );
  }
  return (
    <ServicesTable
      usage={usage}
      name={(service) => {
        const { value, text } = serviceOf(service);
        return <a href={viewHref(withFilter(view, 'host', value))}>{text}</a>;
      }}
    />
  );
}
