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
  formatUptime,
} from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Empty } from '../_ui/empty';
import { pathChangeMeaning } from '../_ui/meanings';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { PathMeanings, PathState } from '../_ui/path-state';
import { PathStrip } from '../_ui/path-strip';
import { RelativeTime } from '../_ui/relative-time';
import { rich } from '../_ui/rich';
import { runPieces } from '../_ui/run-pieces';
import { Sparkline } from '../_ui/sparkline';
import { useStableOrder } from '../_ui/stable-order';
import { Term } from '../_ui/tooltip';
import { ofKnown, stripWords } from './connection-words';
import styles from './connections.module.css';
import { DeviceLink } from './device-link';
import { useCollector } from './use-collector';
import { asSeenBy } from './view';

const NONE: readonly MonitoredDeviceResponse[] = [];

/**
 * The critical devices, worst first: path, latency, loss, uptime, path changes and the last day. `few`: the answer has
 * the first of them, and a link leads to all.
 */
export function Connections({
  critical,
  latencies,
  error,
  few,
}: {
  critical: MonitoredDevicesResponse | undefined;
  /** The last day's, of some of them; `undefined`: not to be drawn. */
  latencies?: LatenciesResponse | undefined;
  error: Error | undefined;
  few: boolean;
}) {
  const collector = useCollector();
  const { ordered: devices, props } = useStableOrder(critical?.nodes ?? NONE, ({ id }) => id);
  const drawn = latencies && new Map(latencies.nodes.map((one) => [one.node_id, one.latency_ms]));
  const lossy = devices.some((device) => lossOf(device) > 0);
  const last = devices.find(({ last_round }) => last_round)?.last_round;
  return (
    <Panel
      title={t('connections.title')}
      id="connections"
      note={
        critical &&
        devices.length > 0 &&
        rich(last ? 'connections.pingedLast' : 'connections.pinged', {
          interval: formatDuration(critical.interval_seconds * 1000),
          last: () => last && <RelativeTime iso={last} />,
        })
      }
    >
      {devices.length === 0 ? (
        <None answered={critical !== undefined} error={error} />
      ) : (
        <div className={styles.container}>
          <table
            className={`grid-table ${styles.table}`}
            data-lossy={lossy}
            data-drawn={drawn !== undefined}
            {...props}
          >
            <caption className="hidden">{t('connections.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('connections.device')}</th>
                <th scope="col">
                  <Term meaning={<PathMeanings />}>{t('connections.path')}</Term>
                </th>
                <th scope="col">{t('connections.latency')}</th>
                {drawn && (
                  <th scope="col" data-drawn>
                    {t('connections.latencyDay')}
                  </th>
                )}
                {lossy && <th scope="col">{t('connections.loss')}</th>}
                <th scope="col">{t('connections.uptime')}</th>
                <th scope="col">
                  <Term meaning={pathChangeMeaning()}>{t('connections.pathChanges')}</Term>
                </th>
                <th scope="col">{t('connections.lastDay')}</th>
              </tr>
            </thead>
            <tbody>
              {devices.map((device) => (
                <Row key={device.id} device={device} lossy={lossy}>
                  {drawn && (
                    <td data-drawn>
                      <LastDay latencies={drawn.get(device.id) ?? []} />
                    </td>
                  )}
                </Row>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {few && critical && devices.length > 0 && (
        <a className="show-all" href={asSeenBy('/vpn/health', collector)}>
          {critical.counts.critical > devices.length
            ? t('connections.all', { count: formatCount(critical.counts.critical) })
            : t('connections.more')}
        </a>
      )}
    </Panel>
  );
}

/** The latencies of a day as a line, from zero to its own maximum, which it names. */
function LastDay({ latencies }: { latencies: readonly (number | null)[] }) {
  const measured = latencies.filter((ms) => ms !== null);
  if (measured.length === 0) return null;
  const lowest = formatLatency(Math.min(...measured));
  const highest = formatLatency(Math.max(...measured));
  return (
    <Sparkline values={latencies} label={t('connections.latencyOfDay', { lowest, highest })} />
  );
}

function Row({
  device,
  lossy,
  children,
}: {
  device: MonitoredDeviceResponse;
  lossy: boolean;
  /** The cell after the latency. */
  children: ReactNode;
}) {
  const loss = lossOf(device);
  const day = device.last_day ?? [];
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
          {loss > 0 && <span className={styles.unit}> {t('connections.lossUnit')}</span>}
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
        <span className={styles.unit}>
          {' '}
          {t('connections.pathChangeUnit', { count: device.flaps_24h })}
        </span>
      </td>
      <td>
        <PathStrip pieces={runPieces(day)} label={stripWords(day)} />
      </td>
    </tr>
  );
}

/** The loss worth showing: an offline device loses everything, which its path says already. */
const lossOf = ({ path, loss }: MonitoredDeviceResponse) => (path === 'offline' ? 0 : (loss ?? 0));

function None({ answered, error }: { answered: boolean; error: Error | undefined }) {
  if (!answered) {
    return (
      <Empty title={t('connections.waiting')}>{error?.message ?? t('connections.appear')}</Empty>
    );
  }
  return (
    <Empty title={t('connections.none')}>
      {rich('connections.chooseOthers', { setting: () => <code>CRITICAL_NODES</code> })}
    </Empty>
  );
}
