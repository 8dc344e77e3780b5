'use client';

import type { MonitoredNodeResponse, UptimeResponse } from '@/lib/api/health-schemas';
import type { DeviceResponse } from '@/lib/api/schemas';
import { formatLatency, formatQuantity, formatShare } from '@/lib/domain/format';
import { Name } from '../../../_ui/name';
import { PathState } from '../../../_ui/path-state';
import { RelativeTime } from '../../../_ui/relative-time';
import { formatUptime } from '../../connection-words';
import freshness from '../../freshness.module.css';
import summary from '../../summary.module.css';
import styles from './node-head.module.css';
import { hoursWords, type NodeView } from './node-view';

/** The node in a sentence: how it is reached, how fast, how reliably. */
export function NodeHead({
  device,
  monitoring,
  uptime,
  view,
  gone,
}: {
  device: DeviceResponse;
  /** `null` for our own node. */
  monitoring: MonitoredNodeResponse | null;
  uptime: UptimeResponse | null;
  view: NodeView;
  /** The tailnet no longer has it. */
  gone: boolean;
}) {
  return (
    <>
      <h1 className={styles.name}>
        <Name text={device.hostname} />
        {device.self && <span className={styles.mark}>this node</span>}
        {device.exit_node && <span className={styles.mark}>exit node</span>}
        {monitoring?.critical && <span className={styles.mark}>critical</span>}
      </h1>
      <p className={summary.summary}>
        {device.self ? (
          'This is the node everything here is seen from: nothing is pinged to itself'
        ) : (
          <Now device={device} monitoring={monitoring} />
        )}
        {uptime && <Past uptime={uptime} view={view} />}.
      </p>
      {gone && (
        <p className={freshness.notice}>
          <strong>No longer in the tailnet.</strong> It is shown as it was last seen.
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
  monitoring: MonitoredNodeResponse | null;
}) {
  const path = monitoring?.path ?? device.path;
  const region = path === 'relay' ? (monitoring?.relay_region ?? device.relay_region) : null;
  return (
    <>
      <strong>
        <PathState path={path} />
      </strong>
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

function Past({ uptime: { uptime, flaps }, view }: { uptime: UptimeResponse; view: NodeView }) {
  const { during } = hoursWords(view.hours);
  return (
    <>
      {uptime !== null && (
        <>
          ; up <strong>{formatUptime(uptime)}</strong>
        </>
      )}
      {uptime === null ? '; ' : ', '}
      <strong>{formatQuantity(flaps, 'flap')}</strong> {during}
    </>
  );
}
