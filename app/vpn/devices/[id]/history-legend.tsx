'use client';

import type { LatencyForecastResponse } from '@/lib/api/health-schemas';
import { formatLatency } from '@/lib/domain/format';
import { LineSample, lossWords } from '../../../_ui/latency-chart';
import { type LatencyLine, totals } from '../../../_ui/latency-shapes';
import { pathMeaning } from '../../../_ui/meanings';
import { Name } from '../../../_ui/name';
import { PathState } from '../../../_ui/path-state';
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
  return (
    <ul className={styles.legend}>
      <li>
        <LineSample index={0} />
        Average <b>{formatLatency(avg)}</b>
      </li>
      <li>
        <i className={styles.band} />
        Min–max{' '}
        <b>
          {formatLatency(min)} – {formatLatency(max)}
        </b>
      </li>
      {forecast && (
        <li>
          <i className={styles.usual} />
          {normal ? 'Usual now' : 'Usual: still learning'}{' '}
          <b>
            {normal
              ? `${formatLatency(normal.low)} – ${formatLatency(normal.high)}`
              : forecast.reason}
          </b>
        </li>
      )}
      <li>
        <i className={styles.loss} />
        Pings lost <b>{lossWords(loss)}</b>
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
