'use client';

import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import type { Dashboard as DashboardData } from '@/lib/api/dashboard';
import type { UsageResponse } from '@/lib/api/schemas';
import { dashboardCalls } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { MINUTE } from '@/lib/util/time';
import { ClockProvider, useClock } from '../_ui/clock';
import { type Packed, unpack } from '../_ui/packed';
import { usePolling } from '../_ui/polling';
import { Activity } from './activity';
import { Backlog } from './backlog';
import { Connections } from './connections';
import styles from './dashboard.module.css';
import { firingDevices } from './device-order';
import { DevicesSection } from './devices-section';
import { Freshness, StaleNotice } from './freshness';
import { LogDoctor } from './log-doctor';
import { NoAccesses } from './no-accesses';
import { Numbers } from './numbers';
import { ProblemList } from './problem-list';
import { listProblems } from './problems';
import { RecentHits } from './recent-hits';
import { hasServices } from './service-names';
import { StatusPanel } from './status-panel';
import { Summary } from './summary';
import { Toolbar } from './toolbar';
import { TrafficNumber } from './traffic-number';
import { Endpoints, Users, VisitingDevices } from './usage-lists';
import { apiParameters } from './view';
import { useView, ViewProvider } from './view-context';

const ServicesSection = lazy(() => import('./services-section'));

/** An access must be on the page within five seconds of its log line, reading the log included. */
const USAGE_MS = 2500;
const TAILNET_MS = 10_000;
const LOG_MS = 15_000;

type DashboardProps = {
  initial: DashboardData;
  /** How to set up what is missing; `null` when nothing was. */
  guide: ReactNode;
};

/** The dashboard, kept up to date in the browser. */
export function Dashboard({
  now,
  beginning,
  guide,
}: {
  now: number;
  beginning: Packed<DashboardData>;
  guide: ReactNode;
}) {
  const initial = useMemo(() => unpack(beginning), [beginning]);
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn" live>
        <LiveDashboard initial={initial} guide={guide} />
      </ViewProvider>
    </ClockProvider>
  );
}

function LiveDashboard(props: DashboardProps) {
  const { initial } = props;
  const { view } = useView();
  const calls = dashboardCalls(apiParameters(view));
  const usage = usePolling(calls.usage, USAGE_MS, initial.usage);
  const devices = usePolling(calls.devices, TAILNET_MS, initial.devices);
  const critical = usePolling(calls.critical, TAILNET_MS, initial.critical);
  const latencies = usePolling(calls.latencies, MINUTE, initial.latencies);
  const quota = usePolling(calls.quota, TAILNET_MS, initial.quota);
  const health = usePolling(calls.health, TAILNET_MS, initial.health);
  const doctor = usePolling(calls.doctor, LOG_MS, initial.doctor);
  const refreshAll = () => {
    for (const polled of [usage, devices, critical, latencies, quota, health, doctor])
      polled.refresh();
  };

  const current = {
    usage: usage.data ?? initial.usage.initial,
    devices: devices.data ?? null,
    quota: quota.data ?? null,
    health: health.data ?? initial.health.initial,
    doctor: doctor.data ?? initial.doctor.initial,
  };
  const firing = useMemo(() => firingDevices(current.health), [current.health]);
  const minute = useClock((now) => Math.floor(now / MINUTE) * MINUTE);
  const { tailscale, access_log } = current.health;
  const hasLog = access_log.pattern !== null || current.usage.total_accesses > 0;
  const hasAccesses =
    access_log.last_hit !== null ||
    current.usage.total_accesses + current.usage.previous.total_accesses > 0;
  const error = usage.error ?? health.error;

  return (
    <main id="main" className={styles.page}>
      <h1 className="hidden">{t('dashboard.heading')}</h1>
      <div className={styles.top} aria-busy={usage.pending}>
        <Summary {...current} critical={critical.data} hasAccesses={hasAccesses} />
        <Backlog health={current.health} />
        {error && <StaleNotice answeredAt={usage.answeredAt} error={error} />}
        <ProblemList
          problems={listProblems(current, minute)}
          complete={current.devices !== null && hasLog}
        />
      </div>
      <Toolbar collectors={current.health.collectors}>
        <Freshness polled={usage} onRefresh={refreshAll} />
      </Toolbar>
      <div className={styles.sections} aria-busy={usage.pending}>
        <Numbers
          {...current}
          hasAccesses={hasAccesses}
          traffic={<TrafficNumber initial={initial.traffic} />}
        />
        {(tailscale.source === 'none' || !hasLog) && props.guide}
        {hasLog && current.usage.total_accesses === 0 && (
          <NoAccesses
            health={current.health}
            doctor={current.doctor}
            leftOut={current.usage.left_out}
          />
        )}
        {tailscale.source !== 'none' && (
          <Connections
            critical={critical.data}
            latencies={latencies.data}
            error={critical.error}
            few
          />
        )}
        {current.usage.total_accesses > 0 && (
          <UsageSections usage={current.usage} pending={usage.pending} />
        )}
        {tailscale.source !== 'none' && (
          <DevicesSection devices={current.devices} firing={firing} error={devices.error} />
        )}
        {access_log.pattern !== null && (
          <LogDoctor health={current.health} doctor={current.doctor} />
        )}
      </div>
    </main>
  );
}

function UsageSections({ usage, pending }: { usage: UsageResponse; pending: boolean }) {
  return (
    <>
      <Activity usage={usage} />
      {hasServices(usage) && (
        <Suspense>
          <ServicesSection usage={usage} />
        </Suspense>
      )}
      <div className={styles.wide}>
        <Endpoints usage={usage} />
        <StatusPanel usage={usage} />
      </div>
      <RecentHits usage={usage} pending={pending} />
      <div className={styles.pair}>
        <Users usage={usage} />
        <VisitingDevices usage={usage} />
      </div>
    </>
  );
}
