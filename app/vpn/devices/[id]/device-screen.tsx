'use client';

import { useSearchParams } from 'next/navigation';
import type { UptimeResponse } from '@/lib/api/health-schemas';
import type { DevicePage } from '@/lib/api/pages';
import { deviceCalls } from '@/lib/calls/page-calls';
import type { Path } from '@/lib/domain/device';
import { formatDuration } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { HOUR } from '@/lib/util/time';
import { ClockProvider } from '../../../_ui/clock';
import { useNews } from '../../../_ui/news';
import { Panel } from '../../../_ui/panel';
import { usePolling } from '../../../_ui/polling';
import { useZone } from '../../../_ui/zone';
import frame from '../../dashboard.module.css';
import { StaleNotice } from '../../freshness';
import { RelayCauses } from '../../health/relay-causes';
import { SeenBy } from '../../seen-by';
import { rangeIssue } from '../../view';
import { useCompared } from './compared';
import { DeviceAccesses } from './device-accesses';
import { DeviceAlerts } from './device-alerts';
import { DeviceEvents } from './device-events';
import { DeviceFacts } from './device-facts';
import { DeviceHeading } from './device-heading';
import { DeviceHistory } from './device-history';
import { DeviceRange } from './device-range';
import styles from './device-screen.module.css';
import { DeviceTraffic } from './device-traffic';
import { type DeviceView, deviceHref, parseDeviceView } from './device-view';
import { PingNow } from './ping-now';
import { type Since, sinceWhen } from './since';

const SOON_MS = 10_000;
const TAILNET_MS = 30_000;

/** The page of a device, kept up to date in the browser. */
export function DeviceScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <LiveDevice {...props} />
    </ClockProvider>
  );
}

type Props = { initial: DevicePage };

function LiveDevice({ initial }: Props) {
  useNews();
  const zone = useZone();
  const params = new URLSearchParams(useSearchParams().toString());
  const view = parseDeviceView(params, zone);
  const { id, hostname } = initial;
  const calls = deviceCalls(
    { id, self: initial.device?.self ?? false, left: initial.device === null },
    view,
  );
  const historyMs = Math.max(SOON_MS, initial.critical.initial.interval_seconds * 200);
  const devices = usePolling(calls.devices, TAILNET_MS);
  const critical = usePolling(calls.critical, SOON_MS, initial.critical);
  const history = usePolling(calls.history, historyMs, initial.history);
  const forecast = usePolling(calls.forecast, historyMs, initial.forecast);
  const uptime = usePolling(calls.uptime, historyMs, initial.uptime);
  const usage = usePolling(calls.usage, SOON_MS, initial.usage);
  const hits = usePolling(calls.hits, SOON_MS, initial.hits);
  const events = usePolling(calls.events, TAILNET_MS, initial.events);
  const alerts = usePolling(calls.alerts, SOON_MS, initial.alerts);
  const diagnostics = usePolling(calls.diagnostics, TAILNET_MS, initial.diagnostics);
  const traffic = usePolling(calls.traffic, TAILNET_MS, initial.traffic);
  const compared = useCompared(calls.compared, historyMs, initial.compared);

  const device = devices.data?.devices.find((other) => other.id === id) ?? initial.device;
  const gone = devices.data !== undefined && !devices.data.devices.some((d) => d.id === id);
  const { nodes: candidates, interval_seconds: interval } =
    critical.data ?? initial.critical.initial;
  const monitoring = candidates.find((other) => other.id === id) ?? initial.monitoring;
  const currentUptime = uptime.data ?? initial.uptime?.initial ?? null;
  const currentUsage = usage.data ?? initial.usage.initial;
  const currentTraffic = traffic.data ?? initial.traffic?.initial;
  const { relayed: allRelayed = [] } = diagnostics.data ?? initial.diagnostics?.initial ?? {};
  const relayed = allRelayed.find(({ node_id }) => node_id === id);
  const path = monitoring?.path ?? device?.path ?? 'offline';
  const since = {
    online: sinceNow(currentUptime, view, (one) => one !== 'offline'),
    path: sinceNow(currentUptime, view, (one) => one === path),
  };
  const error = usage.error ?? history.error ?? critical.error;

  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <DeviceHeading
          hostname={device?.hostname ?? hostname}
          device={device}
          leftAt={initial.leftAt}
          monitoring={monitoring}
          uptime={currentUptime}
          view={view}
          gone={gone}
        />
        <SeenBy
          collectors={initial.collectors}
          collector={view.collector}
          hrefOf={(collector) => deviceHref(id, { ...view, collector })}
        />
        {error && <StaleNotice answeredAt={usage.answeredAt} error={error} />}
        <div className={styles.bar}>
          <DeviceRange id={id} view={view} issue={rangeIssue(params, zone)} />
          {device && !device.self && <PingNow id={id} />}
        </div>
      </div>
      <div className={frame.sections}>
        {relayed && (
          <Panel title={t('alerts.whyRelayed')} id="why-relayed">
            <RelayCauses relayed={relayed} named={false} />
          </Panel>
        )}
        <DeviceHistory
          id={id}
          view={view}
          left={device === null}
          history={history.data ?? initial.history?.initial ?? null}
          forecast={forecast.data ?? initial.forecast?.initial ?? null}
          uptime={currentUptime}
          compared={compared}
          candidates={candidates}
          usage={currentUsage}
          hits={calls.hits ? hits.data : undefined}
          pending={history.pending || usage.pending}
          hrefOf={(next) => deviceHref(id, next)}
        />
        {currentTraffic && <DeviceTraffic traffic={currentTraffic} />}
        <DeviceAccesses hostname={hostname} view={view} usage={currentUsage} />
        <div className={frame.pair}>
          {device && (
            <DeviceFacts
              device={device}
              path={path}
              observer={initial.observer}
              since={since}
              pinged={
                monitoring?.critical
                  ? t('device.pingedEvery', { length: formatDuration(interval * 1000) })
                  : t('device.pingedByHand')
              }
              lastHandshake={initial.lastHandshake}
            />
          )}
          <div className={frame.stack}>
            <DeviceAlerts id={id} polled={alerts} />
            <DeviceEvents
              events={events.data ?? initial.events.initial}
              view={view}
              node={device === null ? id : hostname}
            />
          </div>
        </div>
      </div>
    </main>
  );
}

/** Returns since when the paths have been such until now; `null` when the page shows another time. */
function sinceNow(
  uptime: UptimeResponse | null,
  { range }: DeviceView,
  holds: (path: Path) => boolean,
): Since | null {
  const to = uptime?.spans.at(-1)?.to;
  if (!uptime || to === undefined || typeof range !== 'number') return null;
  const end = Date.parse(to);
  return sinceWhen(uptime, { from: end - range * HOUR, to: end }, holds);
}
