'use client';

import { useSearchParams } from 'next/navigation';
import type { TrafficBy, TrafficResponse } from '@/lib/api/traffic-schemas';
import type { Loaded } from '@/lib/calls/call';
import { trafficCalls } from '@/lib/calls/page-calls';
import { formatBucket, formatBytes, formatIso, formatShare } from '@/lib/domain/format';
import { zoneNamed } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { DAY, MINUTE } from '@/lib/util/time';
import { ClockProvider, useClock } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { usePolling } from '../../_ui/polling';
import { useZones } from '../../_ui/zone';
import frame from '../dashboard.module.css';
import { StaleNotice } from '../freshness';
import { TopTalkers } from './top-talkers';
import styles from './traffic.module.css';
import { TrafficChart } from './traffic-chart';
import { TrafficNumbers } from './traffic-numbers';
import { pathOfKey } from './traffic-parts';
import {
  PARTS,
  parseTrafficView,
  TRAFFIC_RANGES,
  type TrafficView,
  trafficHref,
  trafficParameters,
} from './traffic-view';

const TRAFFIC_MS = 10_000;
const RANGES = {
  '24h': 'traffic.range_24h',
  '7d': 'traffic.range_7d',
  '30d': 'traffic.range_30d',
  '90d': 'traffic.range_90d',
} as const;
const BY = {
  path: 'traffic.by_path',
  device: 'traffic.by_device',
  user: 'traffic.by_user',
} as const;

export type TrafficPage = Record<keyof ReturnType<typeof trafficCalls>, Loaded<TrafficResponse>>;

/** What travelled, kept up to date in the browser. */
export function TrafficScreen({ now, initial }: { now: number; initial: TrafficPage }) {
  return (
    <ClockProvider now={now}>
      <LiveTraffic initial={initial} />
    </ClockProvider>
  );
}

function LiveTraffic({ initial }: { initial: TrafficPage }) {
  const view = parseTrafficView(new URLSearchParams(useSearchParams().toString()));
  const service = zoneNamed(useZones().service);
  const minute = useClock((now) => Math.floor(now / MINUTE) * MINUTE);
  const calls = trafficCalls(trafficParameters(view, minute, service));
  const polled = {
    over: usePolling(calls.over, TRAFFIC_MS, initial.over),
    devices: usePolling(calls.devices, TRAFFIC_MS, initial.devices),
    today: usePolling(calls.today, TRAFFIC_MS, initial.today),
    month: usePolling(calls.month, TRAFFIC_MS, initial.month),
    lastMonth: usePolling(calls.lastMonth, MINUTE, initial.lastMonth),
  };
  const now = (name: keyof TrafficPage) => polled[name].data ?? initial[name].initial;
  const over = now('over');
  const { since } = over;
  const { error, answeredAt } = polled.over;
  return (
    <main id="main" className={`${frame.page} ${styles.traffic}`}>
      <div className={frame.top}>
        <h1 className={styles.title}>{t('traffic.title')}</h1>
        {since !== null && <p className={styles.sentence}>{derpSentence(now('month'))}</p>}
        <p className={styles.side}>
          {since === null
            ? t('traffic.side')
            : t('traffic.sideSince', {
                date: formatBucket(Date.parse(since), DAY, true, minute, service),
              })}
        </p>
        {error && <StaleNotice answeredAt={answeredAt} error={error} />}
      </div>
      {since === null ? (
        <Empty title={t('traffic.emptyTitle')}>{t('traffic.emptyBody')}</Empty>
      ) : (
        <div className={frame.sections} aria-busy={polled.over.pending}>
          <TrafficNumbers today={now('today')} month={now('month')} lastMonth={now('lastMonth')} />
          <OverTime view={view} over={over} />
          <Talkers view={view} devices={now('devices')} />
          <Budgets budgets={over.budgets} />
          <Panel title={t('traffic.check')}>
            <p className={styles.text}>{checkSentence(now('devices'))}</p>
          </Panel>
        </div>
      )}
    </main>
  );
}

/** How much went by DERP this month. */
function derpSentence({ by, total }: TrafficResponse): string {
  const derp = by
    .filter(({ key }) => pathOfKey(key) === 'relay')
    .reduce((sum, { rx_bytes, tx_bytes }) => sum + rx_bytes + tx_bytes, 0);
  if (derp === 0) return t('traffic.derpNone');
  const share = formatShare(derp / Math.max(1, total.rx_bytes + total.tx_bytes));
  return t('traffic.derpSome', { bytes: formatBytes(derp), share });
}

function checkSentence({ total, checked_against: counted }: TrafficResponse): string {
  if (!counted) return t('traffic.checkUnknown');
  const ledger = total.rx_bytes + total.tx_bytes;
  const own = counted.rx_bytes + counted.tx_bytes;
  const share = formatShare(Math.abs(ledger - own) / Math.max(1, own));
  const said = { bytes: formatBytes(own), ledger: formatBytes(ledger), share };
  return `${t('traffic.checkKnown', said)} ${t('traffic.checkWhy')}`;
}

function OverTime({ view, over }: { view: TrafficView; over: TrafficResponse }) {
  const { zone, service } = useZones();
  const isHourly = over.step_seconds * 1000 < DAY;
  const days =
    zone.name === service ? t('traffic.perDay') : t('traffic.perDayIn', { zone: service });
  return (
    <Panel
      title={t('traffic.overTime')}
      note={isHourly ? t('traffic.perHour') : days}
      csv={() => ({
        name: `traffic-by-${view.by}`,
        header: ['time', 'key', 'name', 'rx_bytes', 'tx_bytes'],
        rows: csvRows(over, service),
      })}
    >
      <div className={styles.choices}>
        <Choice label={t('traffic.range')}>
          {TRAFFIC_RANGES.map((range) => (
            <Option key={range} to={{ ...view, range }} isChosen={range === view.range}>
              {t(RANGES[range])}
            </Option>
          ))}
        </Choice>
        <Choice label={t('traffic.by')}>
          {PARTS.map((by: TrafficBy) => (
            <Option key={by} to={{ ...view, by }} isChosen={by === view.by}>
              {t(BY[by])}
            </Option>
          ))}
        </Choice>
      </div>
      <TrafficChart answer={over} by={view.by} />
    </Panel>
  );
}

function csvRows({ by, series }: TrafficResponse, service: string) {
  const names = new Map(by.map(({ key, name }) => [key, name]));
  return series.flatMap(({ time, by: parts }) =>
    Object.entries(parts).map(([key, { rx_bytes, tx_bytes }]) => [
      ...[formatIso(Date.parse(time), zoneNamed(service)), key, names.get(key) ?? '(other)'],
      ...[rx_bytes, tx_bytes],
    ]),
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <nav aria-label={label} className={styles.choice}>
      <span aria-hidden="true">{label}</span>
      {children}
    </nav>
  );
}

function Option({
  to,
  isChosen,
  children,
}: {
  to: TrafficView;
  isChosen: boolean;
  children: React.ReactNode;
}) {
  return (
    <a href={trafficHref(to)} aria-current={isChosen ? 'true' : undefined}>
      {children}
    </a>
  );
}

function Talkers({ view, devices }: { view: TrafficView; devices: TrafficResponse }) {
  if (devices.by.length === 0) return null;
  return (
    <Panel
      title={t('traffic.talkers')}
      note={t('traffic.talkersNote', {
        count: devices.by.length,
        range: t(RANGES[view.range]),
      })}
      csv={() => ({
        name: 'top-talkers',
        header: ['id', 'device', 'rx_bytes', 'tx_bytes'],
        rows: devices.by.map(({ key, name, rx_bytes, tx_bytes }) => [
          key,
          name,
          rx_bytes,
          tx_bytes,
        ]),
      })}
    >
      <TopTalkers by={devices.by} />
    </Panel>
  );
}

/** Each budget and how much of it is used, the fullest first. */
function Budgets({ budgets }: Pick<TrafficResponse, 'budgets'>) {
  if (budgets.length === 0) return null;
  const rows = budgets
    .map((budget) => ({ ...budget, share: budget.used_bytes / budget.limit_bytes }))
    .sort((a, b) => b.share - a.share);
  return (
    <Panel title={t('traffic.budget')}>
      <ul className={styles.budgets}>
        {rows.map(({ device_id, hostname, used_bytes, limit_bytes, share }) => (
          <li key={device_id ?? ''} data-full={share >= 1}>
            <span>{hostname ?? t('traffic.budgetAll')}</span>
            <i className={styles.bar} aria-hidden="true">
              <b style={{ width: `${Math.min(1, share) * 100}%` }} />
            </i>
            <span>
              {t('traffic.budgetUsed', {
                used: formatBytes(used_bytes),
                limit: formatBytes(limit_bytes),
                share: formatShare(share),
              })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
