'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { LogsOverviewResponse } from '@/lib/api/logs-overview';
import { formatBucket, formatCount } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import type { MessageKey } from '@/lib/i18n/messages';
import { t } from '@/lib/i18n/t';
import { DAY } from '@/lib/util/time';
import { BucketLabels } from '../../_ui/bucket-labels';
import { ChartCursor, type Span } from '../../_ui/chart-cursor';
import { PlotGrid, PlotSvg } from '../../_ui/plot-grid';
import { countTicks } from '../../_ui/ticks';
import { useZone } from '../../_ui/zone';
import styles from './log-histogram.module.css';
import { type LogView, logHref } from './log-view';

type Bucket = LogsOverviewResponse['buckets'][number];

/** Stacked in this order, from the bottom: the worst are on the base line, where they can be compared. */
const SERIES = [
  { level: 'ERROR', field: 'error', color: '--critical', text: 'logs.errorCount' },
  { level: 'WARNING', field: 'warning', color: '--warning', text: 'logs.warnings' },
  { level: 'INFO', field: 'info', color: '--bar', text: 'logs.infos' },
  { level: 'DEBUG', field: 'debug', color: '--quiet-bar', text: 'logs.debugs' },
] as const satisfies readonly {
  level: LogView['level'];
  field: keyof Bucket;
  color: string;
  text: MessageKey;
}[];
/** A single error among thousands of lines is still seen; in hundredths of the height. */
const LEAST_HEIGHT = 3;

/** Whether the chart of the chosen time gets the focus that this one had. */
let passesFocus = false;

/** The lines by time and level; dragging over them shows only that time. */
export function LogHistogram({
  overview,
  view,
}: {
  overview: LogsOverviewResponse;
  view: LogView;
}) {
  const [at, setAt] = useState<number | null>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const router = useRouter();
  const zone = useZone();
  const { buckets, undated } = overview;
  const stepMs = overview.step_seconds * 1_000;
  const times = buckets.map(({ time }) => Date.parse(time));
  const ticks = countTicks(Math.max(0, ...buckets.map(totalOf)), 3);
  const top = ticks.at(-1) ?? 1;
  const sums = SERIES.map((series) => ({
    ...series,
    count: buckets.reduce((sum, bucket) => sum + bucket[series.field], 0),
  })).filter(({ count }) => count > 0);
  const levels = sums.map(({ text, count }) => t(text, { count })).join(', ') || t('logs.noLines');
  useEffect(() => {
    if (passesFocus) cursor.current?.focus();
    passesFocus = false;
  }, []);
  const select = (span: Span) => {
    passesFocus = cursor.current?.matches(':focus-visible') === true;
    router.push(logHref({ ...view, ...spanTimes(span, overview, view) }));
  };
  const current = buckets[at ?? -1];
  return (
    <>
      <div className={styles.chart}>
        <div className={styles.drawing} role="img" aria-label={t('logs.chart', { levels })}>
          <PlotGrid ticks={ticks.map((tick) => ({ at: tick / top, label: formatCount(tick) }))}>
            <PlotSvg className={styles.bars}>
              {SERIES.map(({ field, color }, index) => (
                <path key={field} fill={`var(${color})`} d={barsOf(buckets, index, top)} />
              ))}
            </PlotSvg>
          </PlotGrid>
        </div>
        <ChartCursor
          ref={cursor}
          label={t('logs.chartCursor')}
          places={buckets.map((_, index) => (index + 0.5) / buckets.length)}
          at={at}
          onMove={setAt}
          textOf={(index) => {
            const bucket = buckets[index];
            return bucket
              ? [bucketWords(bucket, stepMs, zone), ...countWords(bucket)].join(', ')
              : '';
          }}
          onSelect={select}
        >
          {current && (
            <>
              <b>{bucketWords(current, stepMs, zone)}</b>
              {countWords(current).map((words) => (
                <div key={words}>{words}</div>
              ))}
            </>
          )}
        </ChartCursor>
        <BucketLabels times={times} stepMs={stepMs} count={6} zone={zone} aria-hidden />
      </div>
      <ul className={styles.legend}>
        {sums.map(({ level, color, text, count }) => (
          <li key={level}>
            <i style={{ background: `var(${color})` }} />
            <a href={logHref({ ...view, level })}>{t(text, { count })}</a>
          </li>
        ))}
        {undated > 0 && <li>{t('logs.undated', { count: undated })}</li>}
      </ul>
    </>
  );
}

const totalOf = ({ debug, info, warning, error }: Bucket) => debug + info + warning + error;

function countWords(bucket: Bucket): string[] {
  const words = SERIES.flatMap(({ field, text }) =>
    bucket[field] > 0 ? [t(text, { count: bucket[field] })] : [],
  );
  return words.length > 0 ? words : [t('logs.noLines')];
}

/** `Nov 26 14:00 – 14:30`; a whole day by its date. */
function bucketWords({ time }: Bucket, stepMs: number, zone: TimeZone): string {
  const start = Date.parse(time);
  const from = formatBucket(start, stepMs, true, start, zone);
  return stepMs >= DAY
    ? from
    : `${from} – ${formatBucket(start + stepMs, stepMs, false, start, zone)}`;
}

/** Returns the bars of one level, on top of those below it, in a box of 1000 by 100. */
function barsOf(buckets: readonly Bucket[], index: number, top: number): string {
  const width = 1000 / buckets.length;
  const heightOf = (bucket: Bucket, series: number) => {
    const { field = 'info' } = SERIES[series] ?? {};
    const height = (bucket[field] / top) * 100;
    return height === 0 ? 0 : Math.max(LEAST_HEIGHT, height);
  };
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return buckets
    .map((bucket, at) => {
      const height = heightOf(bucket, index);
      if (height === 0) return '';
      const below = SERIES.slice(0, index).reduce(
        (sum, _, each) => sum + heightOf(bucket, each),
        0,
      );
      return `M${tenth((at + 0.1) * width)} ${tenth(100 - below)}v${-tenth(height)}h${tenth(width * 0.8)}v${tenth(height)}z`;
    })
    .join('');
}

/** Returns the times of marked buckets; open towards now when they reach it. */
function spanTimes(
  { first, last }: Span,
  { from, to, buckets }: LogsOverviewResponse,
  view: LogView,
): { from: string; to: string | null } {
  const start = buckets[first]?.time ?? from;
  const end = buckets[last + 1]?.time ?? (view.to === null ? null : to);
  return { from: start < from ? from : start, to: end };
}
