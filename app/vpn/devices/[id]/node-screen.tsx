'use client';

import { useSearchParams } from 'next/navigation';
import type {
  AlertsWire,
  EventsWire,
  LatencyForecastWire,
  LatencyHistoryWire,
  NodesWire,
  UptimeWire,
} from '@/lib/api/health-schemas';
import type { NodePage } from '@/lib/api/pages';
import type { AccessLogsWire, DevicesWire, UsageWire } from '@/lib/api/schemas';
import { ClockProvider } from '../../../_ui/clock';
import { useLive } from '../../../_ui/live';
import { useNews } from '../../../_ui/news';
import frame from '../../dashboard.module.css';
import { StaleNotice } from '../../freshness';
import { SeenBy } from '../../seen-by';
import { asSeenBy } from '../../view';
import { useCompared } from './compared';
import { NodeAccesses } from './node-accesses';
import { NodeAlerts } from './node-alerts';
import { NodeEvents } from './node-events';
import { NodeFacts } from './node-facts';
import { NodeHead } from './node-head';
import { NodeHistory } from './node-history';
import { nodeHref, parseNodeView } from './node-view';

const SOON_MS = 10_000;
const TAILNET_MS = 30_000;

/** The page of a node: what the server rendered, kept fresh. */
export function NodeScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <LiveNode {...props} />
    </ClockProvider>
  );
}

type Props = {
  initial: NodePage;
  /** The address `initial` was loaded for. */
  initialHref: string;
};

function LiveNode({ initial, initialHref }: Props) {
  useNews();
  const view = parseNodeView(new URLSearchParams(useSearchParams().toString()));
  const { id, hostname } = initial.device;
  const asLoaded = parseNodeView(new URL(initialHref, 'http://x').searchParams);
  const sameRange = view.hours === asLoaded.hours;
  const seen = (call: string) => asSeenBy(call, view.collector);
  const ofNode = `${encodeURIComponent(id)}?hours=${view.hours}`;
  const access = new URLSearchParams({ device: hostname, hours: String(view.hours) });
  const historyMs = Math.max(SOON_MS, initial.critical.interval_seconds * 200);

  const usagePath = seen(`/analytics/dashboard-usage?${access}`);
  const devices = useLive<DevicesWire>(seen('/analytics/devices'), TAILNET_MS, undefined, true);
  const critical = useLive<NodesWire>(
    seen('/health-monitoring/critical'),
    SOON_MS,
    initial.critical,
  );
  const self = initial.device.self;
  const history = useLive<LatencyHistoryWire>(
    self ? null : seen(`/health-monitoring/latency-history/${ofNode}`),
    historyMs,
    (sameRange && initial.history) || undefined,
  );
  const forecast = useLive<LatencyForecastWire>(
    self ? null : seen(`/health-monitoring/latency-forecast/${ofNode}`),
    historyMs,
    (sameRange && initial.forecast) || undefined,
  );
  const uptime = useLive<UptimeWire>(
    self ? null : seen(`/health-monitoring/uptime/${ofNode}`),
    historyMs,
    (sameRange && initial.uptime) || undefined,
  );
  const usage = useLive<UsageWire>(usagePath, SOON_MS, sameRange ? initial.usage : undefined);
  const hits = useLive<AccessLogsWire>(
    view.hours === 1 ? seen(`/analytics/access-logs?${access}&limit=500`) : null,
    SOON_MS,
    (sameRange && initial.hits) || undefined,
  );
  const events = useLive<EventsWire>(
    seen(`/health-monitoring/events?node=${ofNode.replace('?', '&')}&limit=20`),
    TAILNET_MS,
    sameRange ? initial.events : undefined,
  );
  const alerts = useLive<AlertsWire>(seen('/health-monitoring/alerts'), SOON_MS, initial.alerts);
  const compared = useCompared(view, historyMs, initial.compared);

  const device = devices.data?.devices.find((known) => known.id === id) ?? initial.device;
  const gone = devices.data !== undefined && !devices.data.devices.some((d) => d.id === id);
  const monitoring =
    critical.data?.nodes.find((known) => known.id === id) ?? initial.monitoring ?? null;
  const shownUptime = uptime.data ?? initial.uptime;
  const error = usage.error ?? history.error ?? critical.error;

  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <NodeHead
          device={device}
          monitoring={monitoring}
          uptime={shownUptime}
          view={view}
          gone={gone}
        />
        <SeenBy
          collectors={initial.collectors}
          collector={view.collector}
          hrefOf={(collector) => nodeHref(id, { ...view, collector })}
        />
        {error && <StaleNotice path={usagePath} error={error} />}
      </div>
      <div className={frame.sections}>
        <NodeHistory
          id={id}
          view={view}
          device={device}
          history={history.data ?? initial.history}
          forecast={forecast.data ?? initial.forecast}
          uptime={shownUptime}
          compared={compared}
          candidates={critical.data?.nodes ?? initial.critical.nodes}
          usage={usage.data ?? initial.usage}
          hits={view.hours === 1 ? hits.data : undefined}
          pending={history.pending || usage.pending}
          hrefOf={(next) => nodeHref(id, next)}
        />
        <NodeAccesses device={device} view={view} usage={usage.data ?? initial.usage} />
        <div className={frame.pair}>
          <NodeFacts
            device={device}
            critical={monitoring?.critical ?? false}
            lastHandshake={initial.lastHandshake}
          />
          <div>
            <NodeAlerts id={id} alerts={alerts.data ?? null} live={alerts} />
            <NodeEvents events={events.data ?? initial.events} view={view} hostname={hostname} />
          </div>
        </div>
      </div>
    </main>
  );
}
