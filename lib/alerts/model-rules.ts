import type { Reading } from '../domain/alert';
import { formatDuration, formatInstant, formatMetric } from '../domain/format';
import type { ModelState } from '../domain/model';
import type { TimeZone } from '../domain/time-zone';
import type { Facts } from './facts';

const AT_ONCE = { raiseRounds: 1, raiseAfterMs: 0, clearRounds: 1, nodeId: null, hostname: null };

/** Applies the rules about models: one that has become worse, and one that no longer reports. */
export function modelReadings({ models, zone }: Pick<Facts, 'models' | 'zone'>): Reading[] {
  // Imported reports are about the past.
  const reporting = models.filter(({ last }) => !last.imported);
  return reporting.flatMap((state) => [...degraded(state, zone), ...silent(state, zone)]);
}

function degraded(
  { model, last, entryStatus, factor, baseline }: ModelState,
  zone: TimeZone,
): Reading[] {
  if (entryStatus === 'learning') return [];
  const { mae } = last.metrics;
  const before = baseline.mae ?? last.baselineMae ?? 0;
  const times = last.ratio === null ? '' : `${last.ratio.toFixed(1)} times `;
  const evidence = [
    { label: 'MAE', value: formatMetric(mae) },
    { label: 'Baseline', value: `${formatMetric(before)}, allowed up to ${factor} times that` },
    { label: 'Reported', value: formatInstant(last.time, zone) },
  ];
  if (last.version !== null) evidence.push({ label: 'Version', value: last.version });
  return [
    {
      ...AT_ONCE,
      rule: 'model_degraded',
      topic: `model_degraded_${model}`,
      state: entryStatus === 'degraded' ? 'bad' : 'good',
      severity: 'warning',
      title: `The model ${model} has become worse: its error is ${times}what it used to be`,
      evidence,
    },
  ];
}

function silent({ model, last, status, silentAfterMs }: ModelState, zone: TimeZone): Reading[] {
  if (silentAfterMs === null) return [];
  return [
    {
      ...AT_ONCE,
      rule: 'model_silent',
      topic: `model_silent_${model}`,
      state: status === 'silent' ? 'bad' : 'good',
      severity: 'warning',
      title: `The model ${model} has stopped reporting`,
      evidence: [
        { label: 'Last report', value: formatInstant(last.time, zone) },
        { label: 'Expected within', value: formatDuration(silentAfterMs) },
      ],
    },
  ];
}
