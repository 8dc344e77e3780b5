'use client';

import type { MonitoredDeviceResponse, UptimeResponse } from '@/lib/api/health-schemas';
import type { DeviceResponse } from '@/lib/api/schemas';
import { formatClock, formatLatency, formatQuantity, formatShare } from '@/lib/domain/format';
import { pathChangeMeaning, pathMeaning } from '../../../_ui/meanings';
import { Name } from '../../../_ui/name';
import { PathState } from '../../../_ui/path-state';
import { RelativeTime } from '../../../_ui/relative-time';
import { Term } from '../../../_ui/tooltip';
import { useZone } from '../../../_ui/zone';
import { formatUptime, ofKnown } from '../../connection-words';
import freshness from '../../freshness.module.css';
import summary from '../../summary.module.css';
import styles from './device-heading.module.css';
import { type DeviceView, hoursWords } from './device-view';

/** The device in a sentence: how it is reached, how fast, how reliably. */
export function DeviceHeading({
  hostname,
  device,
  leftAt,
  monitoring,
  uptime,
  view,
  gone,
}: {
  hostname: string;
  /** `null`: it has left the tailnet. */
  device: DeviceResponse | null;
  /** When it left; ISO 8601, `null` when that is not known. */
  leftAt: string | null;
  /** `null` for the device this service runs on. */
  monitoring: MonitoredDeviceResponse | null;
  uptime: UptimeResponse | null;
  view: DeviceView;
  /** Whether it has left the tailnet since the page was loaded. */
  gone: boolean;
}) {
  return (
    <>
      <h1 className={styles.name}>
        <Name text={hostname} />
        {device?.self && <span className={styles.mark}>this device</span>}
        {device?.exit_node && <span className={styles.mark}>exit node</span>}
        {monitoring?.critical && <span className={styles.mark}>critical</span>}
      </h1>
      <p className={summary.summary}>
        {device === null ? (
          <Left leftAt={leftAt} />
        ) : device.self ? (
          'This service runs on this device and sees the others from here, so it is not pinged'
        ) : (
          <Now device={device} monitoring={monitoring} />
        )}
        {uptime && <Past uptime={uptime} view={view} />}.
      </p>
      {device && gone && (
        <p className={freshness.notice}>
          <strong>No longer in the tailnet.</strong> It is shown as it was when last seen.
        </p>
      )}
    </>
  );
}

function Left({ leftAt }: { leftAt: string | null }) {
  const zone = useZone();
  if (leftAt === null) return <strong>No longer in the tailnet</strong>;
  return (
    <>
      <strong>Left the tailnet</strong> on{' '}
      <time dateTime={leftAt}>{formatClock(Date.parse(leftAt), zone)}</time>
    </>
  );
}

function Now({
  device,
  monitoring,
}: {
  device: DeviceResponse;
  monitoring: MonitoredDeviceResponse | null;
}) {
  const path = monitoring?.path ?? device.path;
  const region = path === 'relay' ? (monitoring?.relay_region ?? device.relay_region) : null;
  return (
    <>
      {device.state === 'unknown' ? (
        <strong>Unknown: the device this runs on cannot see others now</strong>
      ) : device.state === 'not_answering' ? (
        <strong>Not answering, though it is listed as online</strong>
      ) : (
        <Term meaning={pathMeaning(path)}>
          <strong>
            <PathState path={path} />
          </strong>
        </Term>
      )}
      {region && ` by DERP ${region}`}
      {path === 'offline' && device.last_seen && (
        <>
          , last seen <RelativeTime iso={device.last_seen} />
        </>
      )}
      {monitoring && monitoring.latency_ms !== null && (
        <>
          , <strong>{formatLatency(monitoring.latency_ms)}</strong>
        </>
      )}
      {monitoring?.loss && path !== 'offline' ? (
        <>
          , <strong>{formatShare(monitoring.loss)}</strong> lost
        </>
      ) : null}
      {monitoring?.critical && monitoring.last_round === null && ', not pinged yet'}
    </>
  );
}

function Past({
  uptime: { uptime, flaps, observed_seconds },
  view,
}: {
  uptime: UptimeResponse;
  view: DeviceView;
}) {
  const { during } = hoursWords(view.hours);
  return (
    <>
      {uptime !== null && (
        <>
          ; up <strong>{formatUptime(uptime)}</strong>
          {ofKnown(observed_seconds, view.hours)}
        </>
      )}
      {uptime === null ? '; ' : ', '}
      <Term meaning={pathChangeMeaning()}>
        <strong>{formatQuantity(flaps, 'path change')}</strong>
      </Term>{' '}
      {during}
    </>
  );
}
