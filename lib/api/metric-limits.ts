import { bit, type Family, gauge } from './metric-family';

/**
 * How many values each label may have, so that a large tailnet or a hostile log cannot make endless series: the rest is
 * left out, and `observatory_metrics_limit_reached` says so. Hosts are bounded where they are stored: 100, and those of
 * requests without a host and of all other hosts.
 */
const LIMITS = { device: 1_000, host: 102, job_name: 500, collector: 200 } as const;
type LimitedLabel = keyof typeof LIMITS;

/** Returns the metrics about the limits; `reached`: the labels of which values were left out. */
export function limitMetrics(reached: ReadonlySet<LimitedLabel>): Family[] {
  const labels = Object.keys(LIMITS) as LimitedLabel[];
  return [
    gauge(
      'metrics_limit',
      'How many values a label may have here; more are left out',
      labels.map((label) => [{ label }, LIMITS[label]]),
    ),
    gauge(
      'metrics_limit_reached',
      '1 when values of a label were left out',
      labels.map((label) => [{ label }, bit(reached.has(label))]),
    ),
  ];
}

/** Returns the first values that a label may have; notes in `reached` when there are more. */
export function within<T>(
  label: LimitedLabel,
  values: readonly T[],
  reached: Set<LimitedLabel>,
): readonly T[] {
  if (values.length > LIMITS[label]) reached.add(label);
  return values.slice(0, LIMITS[label]);
}

export type Reached = Set<LimitedLabel>;
