import type { ReactNode } from 'react';
import type { UsageResponse } from '@/lib/api/schemas';
import { formatBytes, formatCount, formatPeriod } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import type { CsvTable } from '../_ui/csv';
import { DataTable, type NumberColumn } from '../_ui/data-table';
import { RelativeTime } from '../_ui/relative-time';
import { Sparkline } from '../_ui/sparkline';
import { deviceCount, errors, hits, people, responseTimes } from './usage-columns';

type Service = UsageResponse['by_host'][number];

const columns = (timed: readonly NumberColumn<Service>[]): NumberColumn<Service>[] => [
  hits(),
  people(),
  { ...deviceCount(), secondary: true },
  errors(),
  ...timed,
  {
    heading: t('usage.data'),
    unit: () => t('usage.sent'),
    text: ({ bytes }) => formatBytes(bytes),
    secondary: true,
  },
  {
    heading: t('usage.lastAccess'),
    unit: () => '',
    text: ({ last_access }) => last_access,
    show: ({ last_access }) => <RelativeTime iso={last_access} />,
  },
];

/** The services of an answer, the most accessed first. Durations are left out when the log has none. */
export function ServicesTable({
  usage,
  name,
}: {
  usage: UsageResponse;
  name: (service: Service) => ReactNode;
}) {
  const rows = usage.by_host;
  const timed = rows.some(({ p95_ms }) => p95_ms !== null);
  const period = formatPeriod(usage.step_seconds * 1000);
  return (
    <DataTable
      caption={t('usage.byService')}
      heading={t('usage.service')}
      rows={rows}
      keyOf={({ host }) => host ?? ''}
      weight={(row) => row.hits}
      name={name}
      bar={({ series }) => (
        <Sparkline
          values={series}
          label={t('usage.perAtMost', { period, count: formatCount(Math.max(0, ...series)) })}
        />
      )}
      columns={columns(timed ? responseTimes(usage.response_time_error) : [])}
    />
  );
}

/** Returns the services of an answer as CSV. */
export const servicesCsv = ({ by_host }: UsageResponse): CsvTable => ({
  name: 'services',
  header: [
    ...['host', 'accesses', 'people', 'devices', 'errors', 'p50_ms', 'p95_ms', 'bytes'],
    'last_access',
  ],
  rows: by_host.map((row) => [
    row.host,
    row.hits,
    row.people,
    row.devices,
    row.errors,
    row.p50_ms,
    row.p95_ms,
    row.bytes,
    row.last_access,
  ]),
});

/** Returns the number of services in words. */
export const serviceCount = (usage: UsageResponse) =>
  t('usage.serviceCount', { count: usage.by_host.length });
