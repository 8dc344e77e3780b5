'use client';

import type { MetricsHistoryWire } from '@/lib/api/model-schemas';
import { formatInstant, formatMetric } from '@/lib/domain/format';
import styles from '../activity.module.css';

/** Every report as numbers, newest first. */
export function EntryTable({ entries }: { entries: MetricsHistoryWire['entries'] }) {
  return (
    <details className={styles.table}>
      <summary>As a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must reach too. */}
      <section className={styles.scroll} tabIndex={0} aria-label="Reports as a table">
        <table>
          <thead>
            <tr>
              <th scope="col">Reported (UTC)</th>
              <th scope="col">Version</th>
              <th scope="col">MAE</th>
              <th scope="col">Baseline</th>
              <th scope="col">Times</th>
              <th scope="col">RMSE</th>
              <th scope="col">R²</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {entries.toReversed().map((entry) => (
              <tr key={`${entry.timestamp} ${entry.trained_at} ${entry.version}`}>
                <th scope="row">{formatInstant(Date.parse(entry.timestamp))}</th>
                <td>
                  <bdi>{entry.version ?? '—'}</bdi>
                </td>
                <td>{words(entry.metrics.mae)}</td>
                <td>{words(entry.baseline_mae)}</td>
                <td>{entry.ratio === null ? '—' : `${entry.ratio.toFixed(2)}×`}</td>
                <td>{words(entry.metrics.rmse)}</td>
                <td>{words(entry.metrics.r2)}</td>
                <td>{entry.status}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

const words = (value: number | null | undefined) =>
  value === null || value === undefined ? '—' : formatMetric(value);
