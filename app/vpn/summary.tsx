'use client';

import type { ReactNode } from 'react';
import type { MonitoredDevicesResponse } from '@/lib/api/health-schemas';
import type { DevicesResponse, UsageResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatChange, formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { p95Meaning } from '../_ui/meanings';
import { ResponseTime } from '../_ui/response-time';
import { rich } from '../_ui/rich';
import { Term } from '../_ui/tooltip';
import styles from './summary.module.css';
import { isFiltered, rangeWords } from './view';
import { useView } from './view-context';
import { visitorWords } from './visitor-words';

/** The page in one sentence: whether everything is up, who uses it, and whether it is fast. */
export function Summary({
  devices,
  critical,
  usage,
  health,
  hasAccesses,
}: {
  devices: DevicesResponse | null;
  critical: MonitoredDevicesResponse | undefined;
  usage: UsageResponse;
  health: HealthResponse;
  /** Whether there is, or was, any access. */
  hasAccesses: boolean;
}) {
  const noLog = health.access_log.pattern === null;
  return (
    <p className={styles.summary}>
      {health.tailscale.source === 'none' ? (
        t('dashboard.notConnected')
      ) : (
        <>
          <DevicesPart devices={devices} />
          <CriticalPart critical={critical} />
        </>
      )}
      <AlertsPart firing={health.alerts.firing} />
      {'; '}
      {hasAccesses ? (
        <UsagePart usage={usage} />
      ) : (
        t(noLog ? 'dashboard.noLogYet' : 'dashboard.noAccessYet')
      )}
      .
    </p>
  );
}

const strong = (words: ReactNode) => <strong>{words}</strong>;

function DevicesPart({ devices }: { devices: DevicesResponse | null }) {
  if (!devices) return t('dashboard.notAnswered');
  const { online, total } = devices.counts;
  return rich('dashboard.devicesOnline', { online: formatCount(online), total, strong });
}

function CriticalPart({ critical }: { critical: MonitoredDevicesResponse | undefined }) {
  if (!critical || critical.counts.critical === 0) return null;
  const { critical: count, direct, offline } = critical.counts;
  return (
    <>
      , {rich('dashboard.criticalDirect', { direct: formatCount(direct), count, strong })}
      {offline > 0 && (
        <>, {rich('dashboard.criticalOffline', { count: formatCount(offline), strong })}</>
      )}
    </>
  );
}

function AlertsPart({ firing }: { firing: number }) {
  if (firing === 0) return null;
  const link = (words: ReactNode) => <a href="/vpn/health#alerts">{words}</a>;
  return <>; {rich('dashboard.alertsFiring', { count: firing, link })}</>;
}

function UsagePart({ usage }: { usage: UsageResponse }) {
  const { view } = useView();
  const { during, before } = rangeWords(view.range);
  const total = usage.total_accesses;
  const change = formatChange(total, usage.previous.total_accesses);
  const visitors = visitorWords(usage);
  const accesses = t(isFiltered(view) ? 'dashboard.matching' : 'usage.accessCount', {
    count: total,
  });
  return (
    <>
      {visitors
        ? rich('dashboard.accessesBy', { accesses, visitors, during, strong })
        : rich('dashboard.accessesIn', { accesses, during, strong })}
      {change && `, ${t('dashboard.compared', { change, before })}`}
      {usage.p95_ms !== null && (
        <>
          ;{' '}
          {rich('dashboard.p95', {
            term: (word) => <Term meaning={p95Meaning()}>{word}</Term>,
            value: () => (
              <strong>
                <ResponseTime ms={usage.p95_ms} error={usage.response_time_error} />
              </strong>
            ),
          })}
        </>
      )}
    </>
  );
}
