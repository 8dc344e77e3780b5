import type { Reading } from '../domain/alert';
import type { ModelState } from '../domain/model';
import { say } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import type { Facts } from './facts';
import { instantIn, line, text } from './reading';

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
  return [
    {
      ...AT_ONCE,
      rule: 'model_degraded',
      topic: `model_degraded_${model}`,
      state: entryStatus === 'degraded' ? 'bad' : 'good',
      severity: 'warning',
      texts: () => {
        const { metrics, ratio, version, time, baselineMae } = last;
        const before = { metric: baseline.mae ?? baselineMae ?? 0 };
        const evidence = [
          line('alertTexts.mae', { metric: metrics.mae }),
          line(
            'alertTexts.baseline',
            text('alertTexts.allowed', { before, factor: { metric: factor } }),
          ),
          line('alertTexts.reported', instantIn(zone, time)),
        ];
        if (version !== null) evidence.push(line('alertTexts.version', version));
        const times = { metric: Math.round((ratio ?? 0) * 10) / 10 };
        const title =
          ratio === null
            ? say('alertTexts.modelWorse', { model })
            : say('alertTexts.modelWorseTimes', { model, times });
        return { title, evidence };
      },
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
      texts: () => ({
        title: say('alertTexts.modelSilent', { model }),
        evidence: [
          line('alertTexts.lastReport', instantIn(zone, last.time)),
          line('alertTexts.expectedWithin', { duration: silentAfterMs }),
        ],
      }),
    },
  ];
}
