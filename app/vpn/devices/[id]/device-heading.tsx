'use client';

import { Fragment, type ReactNode } from 'react';
import type { MonitoredDeviceResponse, UptimeResponse } from '@/lib/api/health-schemas';
import type { DeviceResponse } from '@/lib/api/schemas';
import { hoursIn } from '@/lib/calls/page-calls';
import { formatClock, formatLatency, formatShare, formatUptime } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { pathChangeMeaning, pathMeaning } from '../../../_ui/meanings';
import { Name } from '../../../_ui/name';
import { PathState } from '../../../_ui/path-state';
import { RelativeTime } from '../../../_ui/relative-time';
import { rich } from '../../../_ui/rich';
import { Term } from '../../../_ui/tooltip';
import { useZone } from '../../../_ui/zone';
import { ofKnown } from '../../connection-words';
import freshness from '../../freshness.module.css';
import summary from '../../summary.module.css';
import styles from './device-heading.module.css';
import { type DeviceView, rangeDuring } from './device-view';

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
        {device?.self && <span className={styles.mark}>{t('device.thisDevice')}</span>}
        {device?.exit_node && <span className={styles.mark}>{t('device.exitNodeMark')}</span>}
        {monitoring?.critical && <span className={styles.mark}>{t('device.criticalMark')}</span>}
      </h1>
      <p className={summary.summary}>
        {device === null ? (
          <Left leftAt={leftAt} />
        ) : device.self ? (
          t('device.self')
        ) : (
          <Now device={device} monitoring={monitoring} />
        )}
        {uptime && <Past uptime={uptime} view={view} />}.
      </p>
      {device && gone && <p className={freshness.notice}>{rich('device.gone', { b: strong })}</p>}
    </>
  );
}

const strong = (inside: ReactNode) => <strong>{inside}</strong>;

function Left({ leftAt }: { leftAt: string | null }) {
  const zone = useZone();
  if (leftAt === null) return strong(t('device.leftUnknown'));
  const time = () => <time dateTime={leftAt}>{formatClock(Date.parse(leftAt), zone)}</time>;
  return rich('device.left', { b: strong, time });
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
  const { last_seen } = device;
  const known: ReactNode[] = [];
  if (path === 'offline' && last_seen) {
    known.push(rich('device.lastSeenAt', { time: () => <RelativeTime iso={last_seen} /> }));
  }
  if (monitoring && monitoring.latency_ms !== null) {
    known.push(strong(formatLatency(monitoring.latency_ms)));
  }
  if (monitoring?.loss && path !== 'offline') {
    known.push(rich('device.lostShare', { b: strong, share: formatShare(monitoring.loss) }));
  }
  if (monitoring?.critical && monitoring.last_round === null) known.push(t('device.notPinged'));
  const state = () => <State device={device} path={path} />;
  return (
    <>
      {region ? rich('device.viaDerp', { path: state, region }) : state()}
      {known.map((fact, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the facts of a sentence stay where they are.
        <Fragment key={index}>, {fact}</Fragment>
      ))}
    </>
  );
}

function State({ device, path }: { device: DeviceResponse; path: DeviceResponse['path'] }) {
  if (device.state === 'unknown') return strong(t('device.unknown'));
  if (device.state === 'not_answering') return strong(t('device.notAnswering'));
  return <Term meaning={pathMeaning(path)}>{strong(<PathState path={path} />)}</Term>;
}

function Past({
  uptime: { uptime, flaps, observed_seconds },
  view: { range },
}: {
  uptime: UptimeResponse;
  view: DeviceView;
}) {
  const values = {
    count: flaps,
    during: rangeDuring(range),
    term: (words: ReactNode) => <Term meaning={pathChangeMeaning()}>{strong(words)}</Term>,
  };
  if (uptime === null) return rich('device.changes', values);
  return rich('device.up', {
    ...values,
    b: strong,
    uptime: formatUptime(uptime),
    known: ofKnown(observed_seconds, hoursIn(range)),
  });
}
