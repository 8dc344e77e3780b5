'use client';

import type {
  LatencyForecastResponse,
  LatencyHistoryResponse,
  MonitoredDeviceResponse,
  UptimeResponse,
} from '@/lib/api/health-schemas';
import type { AccessLogsResponse, UsageResponse } from '@/lib/api/schemas';
import { formatBucket, formatIso, formatPeriod } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { Empty } from '../../../_ui/empty';
import { LatencyChart } from '../../../_ui/latency-chart';
import { axisOf, latencyLine, spanPieces } from '../../../_ui/latency-shapes';
import { pathWord } from '../../../_ui/meanings';
import { Panel } from '../../../_ui/panel';
import { PathStrip } from '../../../_ui/path-strip';
import { PlotLane, TimeAxis } from '../../../_ui/plot-frame';
import { rich } from '../../../_ui/rich';
import { usualOf } from '../../../_ui/usual-latency';
import { useZone } from '../../../_ui/zone';
import { AccessBars } from './access-bars';
import { ComparePicker } from './compare-picker';
import styles from './device-history.module.css';
import { type DeviceView, rangeDuring } from './device-view';
import { LatencyLegend, PathLegend } from './history-legend';
import { HistoryTable } from './history-table';
import { pathShares } from './path-shares';

/** Latency, path and accesses of a device, one above the other on one time axis. */
export function DeviceHistory({
  id,
  view,
  left,
  history,
  forecast,
  uptime,
  compared,
  candidates,
  usage,
  hits,
  pending,
  hrefOf,
}: {
  id: string;
  view: DeviceView;
  /** Whether the device has left the tailnet. */
  left: boolean;
  /** `null` for the device this service runs on; so are `forecast` and `uptime`. */
  history: LatencyHistoryResponse | null;
  forecast: LatencyForecastResponse | null;
  uptime: UptimeResponse | null;
  compared: readonly LatencyHistoryResponse[];
  candidates: readonly MonitoredDeviceResponse[];
  usage: UsageResponse;
  hits: AccessLogsResponse | undefined;
  pending: boolean;
  hrefOf: (view: DeviceView) => string;
}) {
  const zone = useZone();
  const lines = history ? [history, ...compared].map(latencyLine) : [];
  const own = lines[0];
  const axis = own
    ? axisOf(own)
    : { from: Date.parse(usage.from), to: Date.parse(usage.to), stepMs: usage.step_seconds * 1000 };
  const usual = own && forecast ? usualOf(own, axis.stepMs, forecast) : [];
  const measured = own?.points.some(({ avg, loss }) => avg !== null || loss !== null) ?? false;
  const first = own?.points.find(({ loss }) => loss !== null)?.time ?? axis.from;
  const shares = uptime ? pathShares(uptime, axis) : [];
  const shareWords = shares.map(({ path, text }) => `${pathWord(path)} ${text}`).join(', ');
  const during = rangeDuring(view.range);
  const period = formatPeriod(axis.stepMs);
  return (
    <Panel
      title={t(own ? 'device.history' : 'device.activity')}
      note={t('device.per', { period })}
      csv={own && (() => historyCsv(lines[0]?.name ?? '', history, zone))}
    >
      <div className={styles.lanes} aria-busy={pending}>
        {own && measured && (
          <>
            <LatencyChart
              label={t('device.latencyLabel', { name: own.name, during, period })}
              lines={lines}
              usual={usual}
              axis={axis}
              noData={t('device.noDataBefore', {
                time: formatBucket(first, axis.stepMs, true, axis.to, zone),
              })}
            />
            <LatencyLegend lines={lines} usual={usual} forecast={forecast} />
          </>
        )}
        {own && !measured && (
          <NotMeasured id={id} left={left} view={view} candidates={candidates} />
        )}
        {uptime && shares.length > 0 && (
          <>
            <h3>{t('device.path')}</h3>
            <PlotLane>
              <PathStrip
                pieces={spanPieces(uptime.spans, axis)}
                label={t('device.pathLabel', { during, shares: shareWords })}
              />
            </PlotLane>
            <PathLegend shares={shares} />
          </>
        )}
        <h3>{t('device.accessesHeading')}</h3>
        <AccessBars usage={usage} hits={hits} axis={axis} during={during} />
        <TimeAxis axis={axis} />
      </div>
      {own && measured && (
        <div className={styles.foot}>
          <ComparePicker id={id} view={view} candidates={candidates} hrefOf={hrefOf} />
          <HistoryTable lines={lines} usual={usual} stepMs={axis.stepMs} />
        </div>
      )}
    </Panel>
  );
}

function NotMeasured({
  id,
  left,
  view,
  candidates,
}: {
  id: string;
  left: boolean;
  view: DeviceView;
  candidates: readonly MonitoredDeviceResponse[];
}) {
  const during = rangeDuring(view.range);
  if (left) {
    return (
      <Empty title={t('device.leftNotMeasured', { during })}>
        {t('device.leftNotMeasuredText')}
      </Empty>
    );
  }
  if (candidates.some((candidate) => candidate.id === id)) {
    return (
      <Empty title={t('device.notMeasuredDuring', { during })}>{t('device.notMeasuredText')}</Empty>
    );
  }
  return (
    <Empty title={t('device.neverMeasured')}>
      {rich('device.neverMeasuredText', { setting: () => <code>CRITICAL_NODES</code> })}
    </Empty>
  );
}

function historyCsv(name: string, history: LatencyHistoryResponse | null, zone: TimeZone) {
  return {
    name: `latency-${name.replace(/[^\w-]+/g, '_').slice(0, 60)}`,
    header: ['time', 'latency_ms', 'min_ms', 'max_ms', 'loss', 'connection_type'],
    rows: (history?.history ?? []).map((point) => [
      formatIso(Date.parse(point.timestamp), zone),
      point.latency_ms,
      point.min_ms,
      point.max_ms,
      point.loss,
      point.connection_type,
    ]),
  };
}
