import type { MonitoredDeviceResponse } from '@/lib/api/health-schemas';
import type { Path } from '@/lib/domain/device';
import { formatCount, formatDuration, formatShare } from '../../lib/domain/format';
import { t } from '../../lib/i18n/t';
import { pathWord } from '../_ui/meanings';
import type { PathRun } from '../_ui/path-runs';

/** Of less than this share of a range, the page says how much is known. */
const WHOLE = 0.95;

/** How long an uptime is known, when that is less than its range: ` of 5 min`; else empty. */
export function ofKnown(observedSeconds: number, hours: number): string {
  const isWhole = observedSeconds >= WHOLE * hours * 3_600;
  return isWhole
    ? ''
    : ` ${t('connections.ofKnown', { duration: formatDuration(observedSeconds * 1_000) })}`;
}

/** Counts the critical devices, and those by path; `null` when there are none. Numbers of devices as readers see them. */
export function criticalCounts(
  devices: readonly Pick<MonitoredDeviceResponse, 'critical' | 'path'>[],
): { direct: string; count: number; offline: string | null } | null {
  const critical = devices.filter((device) => device.critical);
  if (critical.length === 0) return null;
  const on = (path: Path) => critical.filter((device) => device.path === path).length;
  const offline = on('offline');
  return {
    direct: formatCount(on('direct')),
    count: critical.length,
    offline: offline > 0 ? formatCount(offline) : null,
  };
}

/** Describes a strip in words: `direct 92 %, relay 4 % of the last 24 hours`. */
export function stripWords(runs: readonly PathRun[]): string {
  const cells = new Map<Path, number>();
  let total = 0;
  for (const run of runs) {
    total += run.cells;
    if (run.path) cells.set(run.path, (cells.get(run.path) ?? 0) + run.cells);
  }
  if (cells.size === 0) return t('connections.stripUnknown');
  const parts = [...cells].map(([path, n]) => `${pathWord(path)} ${formatShare(n / total)}`);
  return t('connections.strip', { shares: parts.join(', ') });
}
