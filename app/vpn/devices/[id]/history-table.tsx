'use client';

import { formatBucket, formatLatency } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { AsTable } from '../../../_ui/as-table';
import { lossWords } from '../../../_ui/latency-chart';
import type { LatencyLine } from '../../../_ui/latency-shapes';
import { pathWord } from '../../../_ui/meanings';
import { Name } from '../../../_ui/name';
import type { Usual } from '../../../_ui/usual-latency';
import { useZone } from '../../../_ui/zone';

/** The chart's values as a table, newest first; gaps are rows of their own. */
export function HistoryTable({
  lines,
  usual,
  stepMs,
}: {
  lines: readonly LatencyLine[];
  /** The usual range at each step of the first line, where it is known. */
  usual: readonly (Usual | null)[];
  stepMs: number;
}) {
  const zone = useZone();
  const [own, ...others] = lines;
  const hasUsual = usual.some((one) => one !== null);
  return (
    <AsTable label={t('device.tableLabel')}>
      {() => (
        <>
          <thead>
            <tr>
              <th scope="col">{t('device.from')}</th>
              <th scope="col">{t('device.average')}</th>
              <th scope="col">{t('device.min')}</th>
              <th scope="col">{t('device.max')}</th>
              {hasUsual && <th scope="col">{t('device.usual')}</th>}
              <th scope="col">{t('device.lost')}</th>
              <th scope="col">{t('device.path')}</th>
              {others.map(({ name }) => (
                <th key={name} scope="col">
                  <Name text={name} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {own?.points.toReversed().map((point, index) => (
              <tr key={point.time}>
                <th scope="row">
                  {formatBucket(point.time, stepMs, true, own.points.at(-1)?.time, zone)}
                </th>
                <td>{formatLatency(point.avg)}</td>
                <td>{formatLatency(point.min)}</td>
                <td>{formatLatency(point.max)}</td>
                {hasUsual && <td>{usualWords(usual.at(-1 - index))}</td>}
                <td>{lossWords(point.loss)}</td>
                <td>{point.path ? pathWord(point.path) : t('device.notMeasured')}</td>
                {others.map(({ name, points }) => (
                  <td key={name}>{formatLatency(points.at(-1 - index)?.avg ?? null)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </>
      )}
    </AsTable>
  );
}

const usualWords = (usual: Usual | null | undefined) =>
  usual ? `${formatLatency(usual.low)} – ${formatLatency(usual.high)}` : '—';
