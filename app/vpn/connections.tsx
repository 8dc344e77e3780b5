'use client';

import type { ReactNode } from 'react';
import type {
  LatenciesResponse,
  MonitoredDeviceResponse,
  MonitoredDevicesResponse,
} from '@/lib/api/health-schemas';
import {
  formatCount,
  formatDuration,
  formatLatency,
  formatShare,
  pluralize,
} from '@/lib/domain/format';
import { Empty } from '../_ui/empty';
import { pathChangeMeaning } from '../_ui/meanings';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { type Strip, stripPieces } from '../_ui/path-runs';
import { PathMeanings, PathState } from '../_ui/path-state';
import { PathStrip } from '../_ui/path-strip';
import { RelativeTime } from '../_ui/relative-time';
import { Sparkline } from '../_ui/sparkline';
import { useStableOrder } from '../_ui/stable-order';
import { Term } from '../_ui/tooltip';
import { formatUptime, ofKnown, stripWords } from './connection-words';
import styles from './connections.module.css';
import { DeviceLink } from './device-link';
import { type Strips, useStrips } from './strips';
import { useCollector } from './use-collector';
import { asSeenBy } from './view';

const FEW = 8;
const NONE: readonly MonitoredDeviceResponse[] = [];

/**
 * The critical devices, worst first: path, latency, loss, uptime, path changes and the last day. `few`: the first
 * eight, then a link to all.
 */
export function Connections({
  critical,
  latencies,
  strips,
  error,
  few,
}: {
  critical: MonitoredDevicesResponse | undefined;
  /** The last day's, of some of them; `undefined`: not to be drawn. */
  latencies?: LatenciesResponse | undefined;
  /** As they were when the page was loaded; live answers extend them. */
  strips: Strips;
  error: Error | undefined;
  few: boolean;
}) {
  const collector = useCollector();
  const { ordered: devices, props } = useStableOrder(critical?.nodes ?? NONE, ({ id }) => id);
  const listed = few ? devices.slice(0, FEW) : devices;
  const days = useStrips(strips, critical);
  const drawn = latencies && new Map(latencies.nodes.map((one) => [one.node_id, one.latency_ms]));
  const lossy = devices.some((device) => lossOf(device) > 0);
  const last = devices.find(({ last_round }) => last_round)?.last_round;
  return (
    <Panel
      title="Connections"
      id="connections"
      note={
        critical &&
        devices.length > 0 && (
          <>
            Critical devices, worst first; pinged every{' '}
            {formatDuration(critical.interval_seconds * 1000)}
            {last && (
              <>
                , last <RelativeTime iso={last} />
              </>
            )}
          </>
        )
      }
    >
      {devices.length === 0 ? (
        <None answered={critical !== undefined} error={error} />
      ) : (
        <table
          className={`grid-table ${styles.table}`}
          data-lossy={lossy}
          data-drawn={drawn !== undefined}
          {...props}
        >
          <caption className="hidden">Connections of the critical devices</caption>
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">
                <Term meaning={<PathMeanings />}>Path</Term>
              </th>
              <th scope="col">Latency</th>
              {drawn && (
                <th scope="col" data-drawn>
                  Latency, 24 h
                </th>
              )}
              {lossy && <th scope="col">Loss</th>}
              <th scope="col">Uptime, 24 h</th>
              <th scope="col">
                <Term meaning={pathChangeMeaning()}>Path changes</Term>
              </th>
              <th scope="col">Last 24 h</th>
            </tr>
          </thead>
          <tbody>
            {listed.map((device) => {
              const strip = days[device.id];
              return (
                strip && (
                  <Row key={device.id} device={device} strip={strip} lossy={lossy}>
                    {drawn && (
                      <td data-drawn>
                        <LastDay latencies={drawn.get(device.id) ?? []} />
                      </td>
                    )}
                  </Row>
                )
              );
            })}
          </tbody>
        </table>
      )}
      {few && devices.length > 0 && (
        <a className="show-all" href={asSeenBy('/vpn/health', collector)}>
          {devices.length > FEW ? `All ${formatCount(devices.length)}, alerts` : 'Alerts'}, events
          and speed by path
        </a>
      )}
    </Panel>
  );
}

/** The latencies of a day as a line, from zero to its own maximum, which it names. */
function LastDay({ latencies }: { latencies: readonly (number | null)[] }) {
  const measured = latencies.filter((ms) => ms !== null);
  if (measured.length === 0) return null;
  const [lowest, highest] = [Math.min(...measured), Math.max(...measured)].map(formatLatency);
  return (
    <Sparkline values={latencies} label={`Latency of the last 24 h: ${lowest} to ${highest}`} />
  );
}

function Row({
  device,
  strip,
  lossy,
  children,
}: {
  device: MonitoredDeviceResponse;
  strip: Strip;
  lossy: boolean;
  /** The cell after the latency. */
  children: ReactNode;
}) {
  const loss = lossOf(device);
  return (
    <tr>
      <th scope="row">
        <DeviceLink id={device.id}>
          <Name text={device.hostname} />
        </DeviceLink>
      </th>
      <td>
        <PathState path={device.path} />
        {device.path === 'relay' && device.relay_region && <small> {device.relay_region}</small>}
      </td>
      <td>{formatLatency(device.latency_ms)}</td>
      {children}
      {lossy && (
        <td data-loss={loss > 0 || undefined}>
          {loss > 0 && formatShare(loss)}
          {loss > 0 && <span className={styles.unit}> loss</span>}
        </td>
      )}
      <td>
        {formatUptime(device.uptime_24h)}
        {device.uptime_24h !== null && (
          <span className={styles.unit}>{ofKnown(device.observed_24h_seconds, 24)}</span>
        )}
      </td>
      <td data-zero={device.flaps_24h === 0 || undefined}>
        {formatCount(device.flaps_24h)}
        <span className={styles.unit}> {pluralize(device.flaps_24h, 'path change')}</span>
      </td>
      <td>
        <PathStrip pieces={stripPieces(strip)} label={stripWords(strip.runs)} />
      </td>
    </tr>
  );
}

/** The loss worth showing: an offline device loses everything, which its path says already. */
const lossOf = ({ path, loss }: MonitoredDeviceResponse) => (path === 'offline' ? 0 : (loss ?? 0));

function None({ answered, error }: { answered: boolean; error: Error | undefined }) {
  if (!answered) {
    return (
      <Empty title="Waiting for Tailscale">
        {error?.message ?? 'The connections appear here as soon as Tailscale answers.'}
      </Empty>
    );
  }
  return (
    <Empty title="No device is pinged">
      Your own devices that are not phones or laptops are pinged automatically; there are none yet.
      To choose others, name them in <code>CRITICAL_NODES</code>, separated by commas.
    </Empty>
  );
}
