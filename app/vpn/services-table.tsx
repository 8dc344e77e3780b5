import type { ReactNode } from 'react';
import type { UsageResponse } from '@/lib/api/schemas';
import { formatBytes, formatCount, formatPeriod, formatQuantity } from '@/lib/domain/format';
import type { CsvTable } from '../_ui/csv';
import { DataTable, type NumberColumn } from '../_ui/data-table';
import { RelativeTime } from '../_ui/relative-time';
import { Sparkline } from '../_ui/sparkline';
import { deviceCount, errors, hits, people, responseTimes } from './usage-columns';

type Service = UsageResponse['by_host'][number];

const COLUMNS: readonly NumberColumn<Service>[] = [
  hits,
  people,
  { ...deviceCount, secondary: true },
  errors,
];
const REST: readonly NumberColumn<Service>[] = [
  { heading: 'Data', unit: () => 'sent', text: ({ bytes }) => formatBytes(bytes), secondary: true },
  {
    heading: 'Last access',
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
      caption="Accesses by service"
      heading="Service"
      rows={rows}
      keyOf={({ host }) => host ?? ''}
      weight={(row) => row.hits}
      name={name}
      bar={({ series }) => (
        <Sparkline
          values={series}
          label={`Accesses per ${period}, at most ${formatCount(Math.max(0, ...series))}`}
        />
      )}
      columns={[...COLUMNS, ...(timed ? responseTimes(usage.response_time_error) : []), ...REST]}
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
  formatQuantity(usage.by_host.length, 'service');
