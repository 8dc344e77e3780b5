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
import { useEffect, useRef, useState } from 'react';
import { Chart as ReactChart } from 'react-chartjs-2';
import { formatBucket, formatCount } from '@/lib/domain/format';
import type { BarChartProps } from './bar-chart';

ChartJs.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

/** The one place that talks to Chart.js. Draws bars only: the axes around it are HTML. Colours are CSS tokens, read again when the theme changes. Nothing is animated. */
export default function Chart({
  times,
  stepMs,
  series,
  lastIsPartial,
  top,
  onPick,
}: BarChartProps & { top: number }) {
  const probe = useRef<HTMLSpanElement>(null);
  const theme = useThemeCount();
  const [color, setColor] = useState<(token: string) => string>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme gives the same tokens new colours.
  useEffect(() => {
    const element = probe.current;
    if (element) setColor(() => colorReader(element));
  }, [theme]);

  if (!color) return <span ref={probe} hidden />;

  const data: ChartData<'bar', (number | null)[], number> = {
    labels: [...times],
    datasets: series.map((each) => {
      const full = color(each.color);
      const colors = times.map((_, index) =>
        lastIsPartial && index === times.length - 1 ? translucent(full) : full,
      );
      return {
        label: each.name,
        data: each.values.map((value) => value || null),
        backgroundColor: colors,
        hoverBackgroundColor: colors,
        categoryPercentage: 0.8,
        barPercentage: 1,
        minBarLength: 2,
      };
    }),
  };
  const options: ChartOptions<'bar'> = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'index', intersect: false },
    onClick: (_event, [picked]) => picked && onPick(picked.index),
    scales: {
      x: { display: false, stacked: true },
      y: { display: false, stacked: true, min: 0, max: top },
    },
    plugins: {
      tooltip: {
        backgroundColor: color('--raised'),
        borderColor: color('--line-strong'),
        borderWidth: 1,
        titleColor: color('--text'),
        bodyColor: color('--text'),
        padding: 8,
        boxPadding: 4,
        cornerRadius: 6,
        caretSize: 0,
        titleFont: { family: getComputedStyle(document.body).fontFamily, weight: 600 },
        bodyFont: { family: getComputedStyle(document.body).fontFamily },
        callbacks: {
          title: ([item]) => {
            const time = times[item?.dataIndex ?? 0] ?? 0;
            const soFar = lastIsPartial && item?.dataIndex === times.length - 1 ? ' (so far)' : '';
            return `${formatBucket(time, stepMs, true)}${stepMs < 86_400_000 ? ' UTC' : ''}${soFar}`;
          },
          label: (item) => `${item.dataset.label}: ${formatCount(item.parsed.y ?? 0)}`,
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

/** Counts the changes of the theme, the system's and the reader's own. */
function useThemeCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const changed = () => setCount((before) => before + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const observer = new MutationObserver(changed);
    system.addEventListener('change', changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', changed);
      observer.disconnect();
    };
  }, []);
  return count;
}

/** Canvas knows no CSS variables: lets an element resolve them. */
function colorReader(element: HTMLElement): (token: string) => string {
  const known = new Map<string, string>();
  return (token) => {
    const seen = known.get(token);
    if (seen) return seen;
    element.style.color = `var(${token})`;
    const color = getComputedStyle(element).color;
    known.set(token, color);
    return color;
  };
}

function translucent(rgb: string): string {
  return rgb.replace('rgb(', 'rgba(').replace(')', ', 0.5)');
}
