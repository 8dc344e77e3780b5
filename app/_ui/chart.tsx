'use client';

import {
  BarController,
  BarElement,
  CategoryScale,
  type ChartData,
  Chart as ChartJs,
  type ChartOptions,
  LinearScale,
  Tooltip,
} from 'chart.js';
import { Chart as ReactChart } from 'react-chartjs-2';
import { formatBucket, formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import type { BarChartProps } from './bar-chart';
import { tooltipLook, translucent, useColors } from './chart-theme';
import { isPartial } from './ticks';

ChartJs.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

/**
 * The bars of a bar chart, by Chart.js: the axes around it are HTML. Colours are CSS tokens, read again when the theme
 * changes. Nothing is animated.
 */
export default function Chart({
  times,
  stepMs,
  series,
  range,
  top,
  zone,
  onPick,
  format = formatCount,
}: BarChartProps & { top: number }) {
  const { probe, color } = useColors();
  if (!color) return <span ref={probe} hidden />;

  const data: ChartData<'bar', (number | null)[], number> = {
    labels: [...times],
    datasets: series.map((each) => {
      const full = color(each.color);
      const colors = times.map((time) =>
        isPartial(time, stepMs, range) ? translucent(full) : full,
      );
      return {
        label: each.name,
        data: each.values.map((value) => value || null),
        backgroundColor: colors,
        hoverBackgroundColor: colors,
        categoryPercentage: 0.8,
        barPercentage: 1,
      };
    }),
  };
  const options: ChartOptions<'bar'> = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    onClick: (_event, [picked]) => picked && onPick?.(picked.index),
    scales: {
      x: { display: false, stacked: true },
      y: { display: false, stacked: true, min: 0, max: top },
    },
    plugins: {
      tooltip: {
        ...tooltipLook(color),
        callbacks: {
          title: ([item]) => {
            const time = times[item?.dataIndex ?? 0] ?? 0;
            const bucket = formatBucket(time, stepMs, true, times.at(-1), zone);
            return isPartial(time, stepMs, range) ? t('ui.partOf', { bucket }) : bucket;
          },
          label: (item) => `${item.dataset.label}: ${format(item.parsed.y ?? 0)}`,
        },
      },
    },
  };
  return (
    <>
      <span ref={probe} hidden />
      <ReactChart type="bar" data={data} options={options} />
    </>
  );
}
