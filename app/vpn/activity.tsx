'use client';

import { useMemo } from 'react';
import type { UsageResponse } from '@/lib/api/schemas';
import { formatBucket, formatCount, formatIso, formatPeriod } from '@/lib/domain/format';
import { type TimeZone, zoneNamed } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { DAY } from '@/lib/util/time';
import { AsTable } from '../_ui/as-table';
import { BarChart } from '../_ui/bar-chart';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { useZone } from '../_ui/zone';
import styles from './activity.module.css';
import { useView, ViewLink } from './view-context';

/**
 * Accesses and errors over the range: a chart, its legend with totals, and a table. Pressing a bar or a row narrows the
 * range to it.
 */
export function Activity({ usage }: { usage: UsageResponse }) {
  const { view, go } = useView();
  const { series } = usage;
  const stepMs = usage.step_seconds * 1000;
  const times = series.map(({ time }) => Date.parse(time));
  const readers = useZone();
  // Days are those of the service, whatever zone the reader has chosen.
  const zone = useMemo(
    () => (stepMs < DAY ? readers : zoneNamed(usage.time_zone)),
    [stepMs, readers, usage.time_zone],
  );
  const days = zone.name === readers.name ? [] : [zone.name];
  const errors = series.reduce((sum, point) => sum + point.errors, 0);
  const first = series.findIndex(({ hits }) => hits > 0);
  const before = usage.previous.total_accesses === 0 && first > 0 ? first : 0;
  const period = formatPeriod(stepMs);
  const zoom = (index: number) => {
    const from = times[index];
    if (from === undefined) return view;
    return { ...view, range: { from, to: times[index + 1] ?? from + stepMs } };
  };
  return (
    <Panel
      title={t('dashboard.activity')}
      note={[
        [t('dashboard.per', { period }), ...days].join(', '),
        ...leftOutWords(usage.left_out),
      ].join('; ')}
      csv={() => ({
        name: 'activity',
        header: ['time', 'accesses', 'people', 'errors'],
        rows: series.map(({ time, hits, people, errors: bad }) => [
          formatIso(Date.parse(time), zone),
          hits,
          people,
          bad,
        ]),
      })}
    >
      {usage.total_accesses === 0 ? (
        <Empty title={t('dashboard.noAccesses')} />
      ) : (
        <>
          <BarChart
            label={t('dashboard.chart', {
              period,
              total: formatCount(usage.total_accesses),
              errors: formatCount(errors),
            })}
            times={times}
            zone={zone}
            stepMs={stepMs}
            series={[
              {
                name: t('dashboard.successful'),
                color: '--bar',
                values: series.map((p) => p.hits - p.errors),
              },
              {
                name: t('usage.errors'),
                color: '--critical',
                values: series.map((p) => p.errors),
              },
            ]}
            range={{ from: Date.parse(usage.from), to: Date.parse(usage.to) }}
            before={before}
            noData={t('dashboard.noDataBefore', {
              time: formatBucket(times[before] ?? 0, stepMs, true, times.at(-1), zone),
            })}
            onPick={(index) => go?.(zoom(index))}
          />
          <div className={styles.foot}>
            <ul className={styles.legend}>
              <li data-series="successful">
                {t('dashboard.successful')} <b>{formatCount(usage.total_accesses - errors)}</b>
              </li>
              <li data-series="errors">
                {t('usage.errors')} <b>{formatCount(errors)}</b>
              </li>
            </ul>
            <SeriesTable usage={usage} times={times} zone={zone} zoom={zoom} />
          </div>
        </>
      )}
    </Panel>
  );
}

/** The accesses that are in the log but not in the numbers; empty when there are none. */
function leftOutWords({ bots, loopback, non_tailnet }: UsageResponse['left_out']): string[] {
  const parts = [
    bots > 0 && t('dashboard.byBots', { count: formatCount(bots) }),
    loopback > 0 && t('dashboard.fromThisDevice', { count: formatCount(loopback) }),
    non_tailnet > 0 && t('dashboard.fromOutside', { count: formatCount(non_tailnet) }),
  ].filter((part) => part !== false);
  return parts.length > 0 ? [t('dashboard.notCounted', { parts: parts.join(', ') })] : [];
}

function SeriesTable({
  usage: { series, step_seconds },
  times,
  zone,
  zoom,
}: {
  usage: UsageResponse;
  times: readonly number[];
  zone: TimeZone;
  zoom: (index: number) => ReturnType<typeof useView>['view'];
}) {
  return (
    <AsTable label={t('dashboard.activityTable')}>
      {() => (
        <>
          <thead>
            <tr>
              <th scope="col">{t('view.from')}</th>
              <th scope="col">{t('usage.accesses')}</th>
              <th scope="col">{t('usage.people')}</th>
              <th scope="col">{t('usage.errors')}</th>
            </tr>
          </thead>
          <tbody>
            {series.map((point, index) => (
              <tr key={point.time}>
                <th scope="row">
                  <ViewLink to={zoom(index)}>
                    {formatBucket(times[index] ?? 0, step_seconds * 1000, true, times.at(-1), zone)}
                  </ViewLink>
                </th>
                <td>{formatCount(point.hits)}</td>
                <td>{formatCount(point.people)}</td>
                <td>{formatCount(point.errors)}</td>
              </tr>
            ))}
          </tbody>
        </>
      )}
    </AsTable>
  );
}
