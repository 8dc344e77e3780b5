'use client';

import type {
  AlertsWire,
  DiagnosticsWire,
  EventsWire,
  NodesWire,
  PathSpeedWire,
  SummaryWire,
} from '@/lib/api/health-schemas';
import type { HealthPage } from '@/lib/api/pages';
import { formatLatency, formatQuantity } from '@/lib/domain/format';
import { ClockProvider } from '../../_ui/clock';
import { useLive } from '../../_ui/live';
import { useNews } from '../../_ui/news';
import { Connections, type Strips } from '../connections';
import frame from '../dashboard.module.css';
import { type EventView, eventQuery } from '../events/event-groups';
import { StaleNotice } from '../freshness';
import { SeenBy } from '../seen-by';
import { asSeenBy } from '../view';
import { AlertsPanel } from './alerts-panel';
import { EventFeed } from './event-feed';
import styles from './health.module.css';
import { PathDistribution } from './path-distribution';
import { SpeedByPath } from './speed-by-path';
import { WhyRelayed } from './why-relayed';

const SOON_MS = 10_000;
const SELDOM_MS = 60_000;
const SPEED = '/health-monitoring/path-speed?hours=168';

type Props = {
  initial: Omit<HealthPage, 'connections'> & { critical: NodesWire | undefined };
  strips: Strips;
  view: EventView;
  /** Whose view it is; `undefined`: that of all collectors. */
  collector: string | undefined;
};

/** The health page: what the server rendered, kept fresh. */
export function HealthScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <LiveHealth {...props} />
    </ClockProvider>
  );
}

function LiveHealth({ initial, strips, view, collector }: Props) {
  useNews();
  const seen = (call: string) => asSeenBy(call, collector);
  const query = eventQuery(view);
  const alerts = useLive<AlertsWire>(seen('/health-monitoring/alerts'), SOON_MS, initial.alerts);
  const summary = useLive<SummaryWire>(
    seen('/health-monitoring/summary'),
    SOON_MS,
    initial.summary,
  );
  const critical = useLive<NodesWire>(
    seen('/health-monitoring/critical'),
    SOON_MS,
    initial.critical,
  );
  const events = useLive<EventsWire>(
    seen(`/health-monitoring/events${query && `?${query}`}`),
    SOON_MS,
    initial.events,
  );
  const causes = useLive<DiagnosticsWire>(
    seen('/health-monitoring/diagnostics'),
    SELDOM_MS,
    initial.diagnostics,
  );
  const speed = useLive<PathSpeedWire>(seen(SPEED), SELDOM_MS, initial.speed);
  const error = alerts.error ?? critical.error;
  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <h1 className={styles.sentence}>
          <Sentence summary={summary.data ?? initial.summary} />
        </h1>
        <SeenBy
          collectors={initial.collectors}
          collector={collector}
          hrefOf={(name) => asSeenBy('/vpn/health', name)}
        />
        {error && <StaleNotice path="/health-monitoring/alerts" error={error} />}
      </div>
      <div className={frame.sections}>
        <AlertsPanel alerts={alerts.data ?? initial.alerts} onChange={alerts.refresh} />
        <Connections critical={critical.data} strips={strips} error={critical.error} few={false} />
        <WhyRelayed diagnostics={causes.data ?? initial.diagnostics} />
        <div className={frame.pair}>
          <SpeedByPath speeds={(speed.data ?? initial.speed).speeds} />
          <PathDistribution distribution={initial.distribution} />
        </div>
        <EventFeed
          events={events.data ?? initial.events}
          view={view}
          collector={collector}
          nodes={critical.data?.nodes ?? []}
        />
      </div>
    </main>
  );
}

function Sentence({ summary }: { summary: SummaryWire }) {
  const { critical, critical_direct, critical_online, alerts_firing, latency_ms } = summary;
  return (
    <>
      <strong>
        {critical_direct} of {critical} critical nodes
      </strong>{' '}
      direct, <strong>{critical - critical_online}</strong> offline;{' '}
      <strong>{formatQuantity(alerts_firing, 'alert')}</strong> firing
      {latency_ms !== null && (
        <>
          ; mean latency <strong>{formatLatency(latency_ms)}</strong>
        </>
      )}
      .
    </>
  );
}
