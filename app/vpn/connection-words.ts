import type { Path } from '@/lib/domain/device';
import type { PathRun } from '@/lib/domain/path-runs';
import { formatDuration, formatShare } from '../../lib/domain/format';
import { t } from '../../lib/i18n/t';
import { pathWord } from '../_ui/meanings';

/** Of less than this share of a range, the page says how much is known. */
const WHOLE = 0.95;

/** How long an uptime is known, when that is less than its range: ` of 5 min`; else empty. */
export function ofKnown(observedSeconds: number, hours: number): string {
  const isWhole = observedSeconds >= WHOLE * hours * 3_600;
  return isWhole
    ? ''
    : ` ${t('connections.ofKnown', { duration: formatDuration(observedSeconds * 1_000) })}`;
}

/** Describes a strip in words: `direct 92 %, relay 4 % of the last 24 hours`. */
export function stripWords(runs: readonly PathRun[]): string {
  const quarters = new Map<Path, number>();
  let total = 0;
  for (const run of runs) {
    total += run.quarters;
    if (run.path) quarters.set(run.path, (quarters.get(run.path) ?? 0) + run.quarters);
  }
  if (quarters.size === 0) return t('connections.stripUnknown');
  const parts = [...quarters].map(([path, n]) => `${pathWord(path)} ${formatShare(n / total)}`);
  return t('connections.strip', { shares: parts.join(', ') });
}
