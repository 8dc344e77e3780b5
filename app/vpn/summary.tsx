'use client';

import type { MonitoredDevicesResponse } from '@/lib/api/health-schemas';
import type { DevicesResponse, UsageResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatChange, formatCount, formatQuantity } from '@/lib/domain/format';
import { p95Meaning } from '../_ui/meanings';
import { ResponseTime } from '../_ui/response-time';
import { Term } from '../_ui/tooltip';
import { criticalWords } from './connection-words';
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
  const noLog = health.access_log.pattern === null ? 'no access log yet' : 'no access yet';
  return (
    <p className={styles.summary}>
      {health.tailscale.source === 'none' ? (
        'No tailnet connected'
      ) : (
        <>
          <DevicesPart devices={devices} />
          <CriticalPart critical={critical} />
        </>
      )}
      <AlertsPart firing={health.alerts.firing} />
      {hasAccesses ? <UsagePart usage={usage} /> : `; ${noLog}`}.
    </p>
  );
}

function DevicesPart({ devices }: { devices: DevicesResponse | null }) {
  if (!devices) return 'Tailscale has not answered yet';
  const { online, total } = devices.counts;
  return (
    <>
      <strong>
        {formatCount(online)} of {formatQuantity(total, 'device')}
      </strong>{' '}
      online
    </>
  );
}

function CriticalPart({ critical }: { critical: MonitoredDevicesResponse | undefined }) {
  const words = criticalWords(critical?.nodes ?? []);
  if (!words) return null;
  return (
    <>
      , <strong>{words.direct}</strong> direct
      {words.offline && (
        <>
          , <strong>{words.offline}</strong>
        </>
      )}
    </>
  );
}

function AlertsPart({ firing }: { firing: number }) {
  if (firing === 0) return null;
  return (
    <>
      ; <a href="/vpn/health#alerts">{formatQuantity(firing, 'alert')} firing</a>
    </>
  );
}

function UsagePart({ usage }: { usage: UsageResponse }) {
  const { view } = useView();
  const words = rangeWords(view.range);
  const total = usage.total_accesses;
  const change = formatChange(total, usage.previous.total_accesses);
  const visitors = visitorWords(usage);
  const filtered = isFiltered(view) ? 'matching ' : '';
  return (
    <>
      ; <strong>{formatQuantity(total, `${filtered}access`, `${filtered}accesses`)}</strong>
      {visitors && (
        <>
          {' by '}
          <strong>{visitors}</strong>
        </>
      )}{' '}
      {words.during}
      {change && `, ${change} ${words.before}`}
      {usage.p95_ms !== null && (
        <>
          ; <Term meaning={p95Meaning()}>p95</Term>{' '}
          <strong>
            <ResponseTime ms={usage.p95_ms} error={usage.response_time_error} />
          </strong>
        </>
      )}
    </>
  );
}
