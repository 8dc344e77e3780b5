'use client';

import type { ReactNode } from 'react';
import type { Dashboard as DashboardData } from '@/lib/api/dashboard';
import type { NodesWire } from '@/lib/api/health-schemas';
import type {
  DevicesWire,
  HealthWire,
  LogDoctorWire,
  QuotaStatusWire,
  UsageWire,
} from '@/lib/api/schemas';
import { ClockProvider, useClock } from '../_ui/clock';
import { useLive } from '../_ui/live';
import { Activity } from './activity';
import { Backlog } from './backlog';
import { Connections, type Strips } from './connections';
import styles from './dashboard.module.css';
import { DevicesSection } from './devices-section';
import { Freshness, StaleNotice } from './freshness';
import { LogDoctor } from './log-doctor';
import { NoAccesses } from './no-accesses';
import { Numbers } from './numbers';
import { ProblemList } from './problem-list';
import { listProblems } from './problems';
import { RecentHits } from './recent-hits';
import { StatusPanel } from './status-panel';
import { Summary } from './summary';
import { Toolbar } from './toolbar';
import { Endpoints, Users, VisitingDevices } from './usage-lists';
import { apiParams, asSeenBy, viewQuery } from './view';
import { useView, ViewProvider } from './view-context';

/** A visit has to be on the page within five seconds of the log line, the reading of the log included. */
const USAGE_MS = 2500;
const TAILNET_MS = 10_000;
const LOG_MS = 15_000;

export type DashboardProps = {
  initial: DashboardData;
  /** Undefined until tailscaled has answered for the first time. */
  critical: NodesWire | undefined;
  strips: Strips;
  /** The view `initial` was loaded for, as its query. */
  initialQuery: string;
  /** `initial.devices` has only the first of them. */
  partialDevices: boolean;
  allDevices: boolean;
  connectGuide: ReactNode;
  logGuide: ReactNode;
};

/** The dashboard: what the server rendered, kept fresh. */
export function Dashboard({ now, ...props }: DashboardProps & { now: number }) {
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn" live>
        <LiveDashboard {...props} />
      </ViewProvider>
    </ClockProvider>
  );
}

function LiveDashboard(props: DashboardProps) {
  const { initial } = props;
  const { view } = useView();
  const path = `/analytics/dashboard-usage?${apiParams(view)}`;
  const { collector } = view.filters;
  const seen = (call: string) => asSeenBy(call, collector);
  const isInitial = viewQuery(view) === props.initialQuery;
  const usage = useLive<UsageWire>(path, USAGE_MS, isInitial ? initial.usage : undefined);
  const devices = useLive<DevicesWire>(
    seen('/analytics/devices'),
    TAILNET_MS,
    isInitial ? (initial.devices ?? undefined) : undefined,
    props.partialDevices,
  );
  const critical = useLive<NodesWire>(
    seen('/health-monitoring/critical'),
    TAILNET_MS,
    isInitial ? props.critical : undefined,
  );
  const quota = useLive<QuotaStatusWire>(
    '/analytics/quota-status',
    TAILNET_MS,
    initial.quota ?? undefined,
  );
  const health = useLive<HealthWire>(
    seen('/healthz'),
    TAILNET_MS,
    isInitial ? initial.health : undefined,
  );
  const doctor = useLive<LogDoctorWire>('/analytics/log-doctor', LOG_MS, initial.doctor);
  const refreshAll = () => {
    for (const live of [usage, devices, critical, quota, health, doctor]) live.refresh();
  };

  const shown = {
    usage: usage.data ?? initial.usage,
    devices: devices.data ?? null,
    quota: quota.data ?? null,
    health: health.data ?? initial.health,
    doctor: doctor.data ?? initial.doctor,
  };
  const minute = useClock((now) => Math.floor(now / 60_000) * 60_000);
  const { tailscale, access_log } = shown.health;
  const hasLog = access_log.pattern !== null || shown.usage.total_accesses > 0;
  const known =
    access_log.last_hit !== null ||
    shown.usage.total_accesses + shown.usage.previous.total_accesses > 0;
  const error = usage.error ?? health.error;

  return (
    <main id="main" className={styles.page}>
      <h1 className="hidden">Tailnet dashboard</h1>
      <div className={styles.top} aria-busy={usage.pending}>
        <Summary {...shown} critical={critical.data} known={known} />
        <Backlog health={shown.health} />
        {error && <StaleNotice path={path} error={error} />}
        <ProblemList
          problems={listProblems(shown, minute)}
          allSeen={shown.devices !== null && hasLog}
        />
      </div>
      <Toolbar collectors={shown.health.collectors}>
        <Freshness path={path} live={usage} onRefresh={refreshAll} />
      </Toolbar>
      <div className={styles.sections} aria-busy={usage.pending}>
        <Numbers {...shown} known={known} />
        {tailscale.source === 'none' && props.connectGuide}
        {!hasLog && props.logGuide}
        {hasLog && shown.usage.total_accesses === 0 && (
          <NoAccesses health={shown.health} doctor={shown.doctor} leftOut={shown.usage.left_out} />
        )}
        {tailscale.source !== 'none' && (
          <Connections critical={critical.data} strips={props.strips} error={critical.error} few />
        )}
        {shown.usage.total_accesses > 0 && <UsageSections usage={shown.usage} />}
        {tailscale.source !== 'none' && (
          <DevicesSection
            devices={shown.devices}
            error={devices.error}
            initiallyAll={props.allDevices}
          />
        )}
        {access_log.pattern !== null && <LogDoctor health={shown.health} doctor={shown.doctor} />}
      </div>
    </main>
  );
}

function UsageSections({ usage }: { usage: UsageWire }) {
  return (
    <>
      <Activity usage={usage} />
      <div className={styles.wide}>
        <Endpoints usage={usage} />
        <StatusPanel usage={usage} />
      </div>
      <RecentHits usage={usage} />
      <div className={styles.pair}>
        <Users usage={usage} />
        <VisitingDevices usage={usage} />
      </div>
    </>
  );
}
