'use client';

import type { MonitoredDeviceResponse, UptimeResponse } from '@/lib/api/health-schemas';
import type { DeviceResponse } from '@/lib/api/schemas';
import { formatLatency, formatQuantity, formatShare } from '@/lib/domain/format';
import { PATH_CHANGE_MEANING, PATH_MEANINGS } from '../../../_ui/meanings';
import { Name } from '../../../_ui/name';
import { PathState } from '../../../_ui/path-state';
import { RelativeTime } from '../../../_ui/relative-time';
import { Term } from '../../../_ui/tooltip';
import { formatUptime, ofKnown } from '../../connection-words';
import freshness from '../../freshness.module.css';
import summary from '../../summary.module.css';
import styles from './device-heading.module.css';
import { type DeviceView, hoursWords } from './device-view';

/** The device in a sentence: how it is reached, how fast, how reliably. */
export function DeviceHeading({
  device,
  monitoring,
  uptime,
  view,
  gone,
}: {
  device: DeviceResponse;
  /** `null` for the device this service runs on. */
  monitoring: MonitoredDeviceResponse | null;
  uptime: UptimeResponse | null;
  view: DeviceView;
  /** Whether it has left the tailnet. */
  gone: boolean;
}) {
  return (
    <>
      <h1 className={styles.name}>
        <Name text={device.hostname} />
        {device.self && <span className={styles.mark}>this device</span>}
        {device.exit_node && <span className={styles.mark}>exit node</span>}
        {monitoring?.critical && <span className={styles.mark}>critical</span>}
      </h1>
      <p className={summary.summary}>
        {device.self ? (
          'This service runs on this device and sees the others from here, so it is not pinged'
        ) : (
          <Now device={device} monitoring={monitoring} />
        )}
        {uptime && <Past uptime={uptime} view={view} />}.
      </p>
      {gone && (
        <p className={freshness.notice}>
          <strong>No longer in the tailnet.</strong> It is shown as it was when last seen.
        </p>
      )}
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
        <Term meaning={PATH_MEANINGS[path]}>
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
      <Term meaning={PATH_CHANGE_MEANING}>
        <strong>{formatQuantity(flaps, 'path change')}</strong>
      </Term>{' '}
      {during}
    </>
  );
}
