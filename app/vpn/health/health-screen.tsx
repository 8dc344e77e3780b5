'use client';

import { type ReactNode, useState } from 'react';
import type { DiagnosticsResponse, SummaryResponse } from '@/lib/api/health-schemas';
import type { HealthPage } from '@/lib/api/pages';
import { formatCount, formatLatency } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { MINUTE } from '@/lib/util/time';
import { ClockProvider } from '../../_ui/clock';
import { refreshMonitoring, useNews } from '../../_ui/news';
import { usePolling } from '../../_ui/polling';
import { rich } from '../../_ui/rich';
import { Connections } from '../connections';
import frame from '../dashboard.module.css';
import type { EventView } from '../events/event-groups';
import { StaleNotice } from '../freshness';
import { SeenBy } from '../seen-by';
import { asSeenBy } from '../view';
import { AlertsPanel } from './alerts-panel';
import { EventFeed } from './event-feed';
import styles from './health.module.css';
import { PathDistribution } from './path-distribution';
import { SpeedByPath } from './speed-by-path';
import { OwnNetwork, WhyRelayed } from './why-relayed';

const SOON_MS = 10_000;
const SELDOM_MS = MINUTE;

type Props = {
  initial: HealthPage;
  view: EventView;
  /** The collector whose view it is; `undefined`: all of them. */
  collector: string | undefined;
};

/** The health page, kept up to date in the browser. */
export function HealthScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <LiveHealth {...props} />
    </ClockProvider>
  );
}

function LiveHealth({ initial, view, collector }: Props) {
  useNews();
  const alerts = usePolling(initial.alerts, SOON_MS);
  const summary = usePolling(initial.summary, SOON_MS);
  const critical = usePolling(initial.critical, SOON_MS);
  const events = usePolling(initial.events, SOON_MS);
  const causes = usePolling(initial.diagnostics, SELDOM_MS);
  const speed = usePolling(initial.speed, SELDOM_MS);
  const [checked, setChecked] = useState<DiagnosticsResponse | null>(null);
  const diagnostics = newest(causes.data ?? initial.diagnostics.initial, checked);
  const error = alerts.error ?? critical.error;
  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <h1 className={styles.sentence}>
          <Sentence summary={summary.data ?? initial.summary.initial} />
        </h1>
        <SeenBy
          collectors={initial.collectors}
          collector={collector}
          hrefOf={(name) => asSeenBy('/vpn/health', name)}
        />
        <p>
          <a href={asSeenBy('/vpn/devices', collector)}>{t('healthPage.inventory')}</a>
        </p>
        {error && <StaleNotice answeredAt={alerts.answeredAt} error={error} />}
      </div>
      <div className={frame.sections}>
        <AlertsPanel alerts={alerts.data ?? initial.alerts.initial} onChange={refreshMonitoring} />
        <Connections critical={critical.data} error={critical.error} few={false} />
        <WhyRelayed diagnostics={diagnostics} />
        <OwnNetwork diagnostics={diagnostics} onCheck={setChecked} />
        <SpeedByPath {...(speed.data ?? initial.speed.initial)} />
        <PathDistribution distribution={initial.distribution.initial} />
        <EventFeed
          events={events.data ?? initial.events.initial}
          view={view}
          collector={collector}
        />
      </div>
    </main>
  );
}

/** Returns the polled answer, unless the button's has a newer check. */
function newest(polled: DiagnosticsResponse, checked: DiagnosticsResponse | null) {
  const time = ({ netcheck }: DiagnosticsResponse) => netcheck?.time ?? '';
  return checked && time(checked) > time(polled) ? checked : polled;
}

function Sentence({ summary }: { summary: SummaryResponse }) {
  const { critical, critical_direct, critical_online, alerts_firing, latency_ms } = summary;
  const values = {
    direct: formatCount(critical_direct),
    critical,
    offline: formatCount(critical - critical_online),
    firing: alerts_firing,
    b: (inside: ReactNode) => <strong>{inside}</strong>,
  };
  if (latency_ms === null) return rich('healthPage.sentence', values);
  return rich('healthPage.sentenceLatency', { ...values, latency: formatLatency(latency_ms) });
}
