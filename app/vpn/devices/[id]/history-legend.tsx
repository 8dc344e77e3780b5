'use client';

import type { ReactNode } from 'react';
import type { LatencyForecastResponse } from '@/lib/api/health-schemas';
import { formatLatency } from '@/lib/domain/format';
import { LineSample, lossWords } from '../../../_ui/latency-chart';
import { type LatencyLine, totals } from '../../../_ui/latency-shapes';
import { pathMeaning } from '../../../_ui/meanings';
import { Name } from '../../../_ui/name';
import { PathState } from '../../../_ui/path-state';
import { rich } from '../../../_ui/rich';
import { Term } from '../../../_ui/tooltip';
import type { Usual } from '../../../_ui/usual-latency';
import styles from './history-legend.module.css';
import type { pathShares } from './path-shares';

/** Names the lines of the chart, with their values over the range. */
export function LatencyLegend({
  lines,
  usual,
  forecast,
}: {
  lines: readonly LatencyLine[];
  usual: readonly (Usual | null)[];
  forecast: LatencyForecastResponse | null;
}) {
  const [own, ...others] = lines;
  if (!own) return null;
  const { avg, min, max, loss } = totals(own.points);
  const normal = usual.at(-1);
  const b = (value: ReactNode) => <b>{value}</b>;
  return (
    <ul className={styles.legend}>
      <li>
        <LineSample index={0} />
        <span>{rich('device.averageValue', { b, latency: formatLatency(avg) })}</span>
      </li>
      {min !== null && (
        <li>
          <i className={styles.band} />
          <span>
            {rich('device.minMax', { b, min: formatLatency(min), max: formatLatency(max) })}
          </span>
        </li>
      )}
      {forecast && (
        <li>
          <i className={styles.usual} />
          <span>
            {normal
              ? rich('device.usualNow', {
                  ...{ b, low: formatLatency(normal.low), high: formatLatency(normal.high) },
                })
              : rich('device.learning', { b, reason: forecast.reason ?? '' })}
          </span>
        </li>
      )}
      <li>
        <i className={styles.loss} />
        <span>{rich('device.pingsLost', { b, loss: lossWords(loss) })}</span>
      </li>
      {others.map((line, index) => (
        <li key={line.name}>
          <LineSample index={index + 1} />
          <Name text={line.name} /> <b>{formatLatency(totals(line.points).avg)}</b>
        </li>
      ))}
    </ul>
  );
}

/** The path states that occur, with their share of the time. */
export function PathLegend({ shares }: { shares: ReturnType<typeof pathShares> }) {
  return (
    <ul className={styles.legend}>
      {shares.map(({ path, text }) => (
        <li key={path}>
          <Term meaning={pathMeaning(path)}>
            <PathState path={path} />
          </Term>{' '}
          <b>{text}</b>
        </li>
      ))}
    </ul>
  );
}
