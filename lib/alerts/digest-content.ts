import type { Digest } from '../domain/digest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatOffset,
  formatShare,
} from '../domain/format';
import type { TimeZone } from '../domain/time-zone';
import { t } from '../i18n/t';
import { DAY } from '../util/time';
import type { Line, Table } from './message-content';
import { oneLine } from './one-line';

/** Returns what a digest says in the current language, times in `zone`. */
export function digestContent(
  digest: Digest,
  zone: TimeZone,
): { title: string; lines: Line[]; table: Table | null } {
  const { from, to } = digest;
  const isWeek = to - from > 2 * DAY;
  const date = (time: number) => formatClock(time, zone).slice(0, 16);
  const period = `${date(from)} – ${date(to)} ${formatOffset(zone.offsetAt(to))}`;
  return {
    title: t(isWeek ? 'digest.week' : 'digest.day', { date: date(to).slice(0, 10) }),
    lines: [
      [{ italic: period }],
      section('digest.alerts', alertsOf(digest)),
      section('digest.accesses', accessesOf(digest)),
      ...servicesOf(digest),
      section('digest.traffic', trafficOf(digest)),
      ...changesOf(digest),
    ],
    table: availabilityOf(digest),
  };
}

type Heading = 'digest.alerts' | 'digest.accesses' | 'digest.traffic';

const section = (heading: Heading, text: string): Line => [{ bold: t(heading) }, ` ${text}`];

function alertsOf({ alerts: { fired, firing } }: Digest): string {
  return fired + firing === 0 ? t('digest.noAlerts') : t('digest.alertCounts', { fired, firing });
}

function accessesOf({ accesses: { count, before, people, errors } }: Digest): string {
  if (count === 0) return t('digest.noAccesses');
  const parts = [t('digest.accessCounts', { count, people })];
  if (before > 0) parts.push(t('digest.before', { count: formatCount(before) }));
  if (errors > 0) parts.push(t('digest.errors', { errors }));
  return parts.join('; ');
}

function servicesOf({ services }: Digest): Line[] {
  if (services.length === 0) return [];
  const lines = services.map(({ host, accesses, errors }): Line => {
    const name = oneLine(host ?? t('digest.noHost'));
    const failed = errors > 0 ? `; ${t('digest.errors', { errors })}` : '';
    return [`• ${name}: ${t('digest.accessCount', { count: accesses })}${failed}`];
  });
  return [[{ bold: t('digest.services') }], ...lines];
}

function trafficOf({ traffic: { rxBytes, txBytes, devices } }: Digest): string {
  if (rxBytes + txBytes === 0) return t('digest.noTraffic');
  const most = devices.map(({ name, bytes }) => `${oneLine(name)} (${formatBytes(bytes)})`);
  const sums = t('digest.bytes', { received: formatBytes(rxBytes), sent: formatBytes(txBytes) });
  return most.length === 0 ? sums : `${sums}; ${t('digest.most', { devices: most.join(', ') })}`;
}

function changesOf({ changes }: Digest): Line[] {
  const heading: Line = [{ bold: t('digest.changes') }];
  if (changes.length === 0) return [[...heading, ` ${t('digest.noChanges')}`]];
  const lines = changes.map(({ kind, count, names }): Line => {
    const some = names.map((name) => oneLine(name));
    const named = some.length === 0 ? '' : ` (${some.join(', ')})`;
    return [`• ${t(`events.${kind}`)}: ${formatCount(count)}×${named}`];
  });
  return [heading, ...lines];
}

function availabilityOf({ availability }: Digest): Table | null {
  if (availability.length === 0) return null;
  return {
    title: t('digest.availability'),
    head: [t('digest.device'), t('digest.available'), t('digest.offline')],
    rows: availability.map(({ name, share, downMs }) => [
      oneLine(name),
      share === null ? t('digest.unknown') : formatShare(share),
      downMs > 0 ? t('digest.offlineFor', { duration: formatDuration(downMs) }) : '—',
    ]),
  };
}
