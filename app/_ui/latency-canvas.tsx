'use client';

import {
  type ChartData,
  Chart as ChartJs,
  type ChartOptions,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { Chart as ReactChart } from 'react-chartjs-2';
import { formatBucket, formatLatency, formatShare } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { tooltipLook, translucent, useColors } from './chart-theme';
import type { LatencyPoint } from './latency-shapes';
import { type LatencyPlot, lineStyle } from './latency-style';
import { pathWord } from './meanings';
import type { Usual } from './usual-latency';
import { useZone } from './zone';

ChartJs.register(Filler, LineController, LineElement, LinearScale, PointElement, Tooltip);

/**
 * The lines and the band of a latency chart, by Chart.js, with tooltips; the axes, the background and the losses are
 * HTML and SVG.
 */
export default function LatencyCanvas({ lines, usual, axis, top }: LatencyPlot) {
  const { probe, color } = useColors();
  const zone = useZone();
  if (!color) return <span ref={probe} hidden />;

  const own = lines[0]?.points ?? [];
  const x = (time: number) => time + axis.stepMs / 2;
  const edge = (key: 'min' | 'max') => own.map((point) => ({ x: x(point.time), y: point[key] }));
  const quiet = { pointRadius: 0, pointHoverRadius: 0, borderWidth: 0 };
  const usually = (key: 'low' | 'high') =>
    own.map((point, index) => ({ x: x(point.time), y: usual[index]?.[key] ?? null }));
  const usualEdge = {
    ...quiet,
    borderWidth: 1,
    borderDash: [2, 3],
    borderColor: translucent(color('--text-3'), 0.55),
  };
  const data: ChartData<'line', { x: number; y: number | null }[]> = {
    datasets: [
      ...lines.map(({ name, points }, index) => {
        const style = lineStyle(index);
        return {
          label: name,
          data: points.map((point) => ({ x: x(point.time), y: point.avg })),
          borderColor: color(style.color),
          backgroundColor: color(style.color),
          borderDash: [...style.dashes],
          borderWidth: 1.75,
          pointRadius: loneDots(points),
          pointHoverRadius: 3,
        };
      }),
      { ...quiet, label: 'max', data: edge('max') },
      {
        ...quiet,
        label: 'min',
        data: edge('min'),
        fill: '-1',
        backgroundColor: translucent(color('--bar'), 0.28),
      },
      { ...usualEdge, label: t('ui.usualAtMost'), data: usually('high') },
      {
        ...usualEdge,
        label: t('ui.usualAtLeast'),
        data: usually('low'),
        fill: '-1',
        backgroundColor: translucent(color('--text-3'), 0.16),
      },
    ],
  };
  const options: ChartOptions<'line'> = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    scales: {
      x: { type: 'linear', display: false, min: axis.from, max: axis.to },
      y: { display: false, min: 0, max: top },
    },
    plugins: {
      tooltip: {
        ...tooltipLook(color),
        filter: ({ datasetIndex }) => datasetIndex < lines.length,
        callbacks: {
          title: ([item]) => {
            const time = own[item?.dataIndex ?? 0]?.time ?? 0;
            return formatBucket(time, axis.stepMs, true, axis.to, zone);
          },
          label: ({ dataset, datasetIndex, dataIndex }) => {
            const point = lines[datasetIndex]?.points[dataIndex];
            if (!point) return '';
            const normal = datasetIndex === 0 ? usual[dataIndex] : null;
            return `${dataset.label}: ${pointWords(point)}${normal ? `, ${usualWords(normal)}` : ''}`;
          },
        },
      },
    },
  };
  return (
    <>
      <span ref={probe} hidden />
      <ReactChart type="line" data={data} options={options} />
    </>
  );
}

function pointWords({ avg, min, max, loss, path }: LatencyPoint): string {
  const parts = [avg === null ? t('ui.noAnswer') : formatLatency(avg)];
  if (min !== null && max !== null) parts.push(t('ui.fromTo', between(min, max)));
  if (path) parts.push(pathWord(path));
  if (loss) parts.push(t('ui.lost', { share: formatShare(loss) }));
  return parts.join(', ');
}

const usualWords = ({ low, high }: Usual) => t('ui.usualFromTo', between(low, high));

const between = (low: number, high: number) => ({
  from: formatLatency(low),
  to: formatLatency(high),
});

/** Returns the radius of each point: a point between two gaps has no line, so it gets a dot. */
function loneDots(points: readonly LatencyPoint[]): number[] {
  const gap = (index: number) => (points[index]?.avg ?? null) === null;
  return points.map((_, index) => (gap(index - 1) && gap(index + 1) ? 1.5 : 0));
}
