'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { formatCount, pluralize } from '@/lib/domain/format';
import { DataTable, type NumberColumn } from '../_ui/data-table';
import { Empty } from '../_ui/empty';
import { P50_MEANING, P95_MEANING } from '../_ui/meanings';
import { Panel } from '../_ui/panel';
import { formatQuantile, quantileMeaning } from '../_ui/quantile';
import { DetailsLink } from './details-link';
import styles from './usage-lists.module.css';
import { FilterLink } from './view-context';

type Endpoint = UsageResponse['top_endpoints'][number];
type User = UsageResponse['by_user'][number];
type Device = UsageResponse['by_device'][number];

const hits: NumberColumn<{ hits: number }> = {
  heading: 'Accesses',
  unit: (row) => pluralize(row.hits, 'access', 'accesses'),
  text: (row) => formatCount(row.hits),
};
/** Stray errors are normal; one response in twenty is worth a colour. */
const ALARMING_SHARE = 0.05;
const errors: NumberColumn<{ hits: number; errors: number }> = {
  heading: 'Errors',
  unit: (row) => pluralize(row.errors, 'error'),
  text: (row) => formatCount(row.errors),
  alarming: (row) => row.errors >= row.hits * ALARMING_SHARE && row.errors > 0,
};
const endpointColumns: NumberColumn<Endpoint>[] = [
  hits,
  {
    heading: 'People',
    unit: ({ people }) => pluralize(people, 'person', 'people'),
    text: ({ people }) => formatCount(people),
  },
  errors,
];
const timeColumns = (error: number): NumberColumn<Endpoint>[] => [
  {
    heading: 'p50',
    meaning: quantileMeaning(P50_MEANING, error),
    unit: () => 'p50',
    text: ({ p50_ms }) => formatQuantile(p50_ms, error),
  },
  {
    heading: 'p95',
    meaning: quantileMeaning(P95_MEANING, error),
    unit: () => 'p95',
    text: ({ p95_ms }) => formatQuantile(p95_ms, error),
  },
];

/** The endpoints with the most accesses. Durations are left out when the log has none. */
export function Endpoints({ usage }: { usage: UsageResponse }) {
  const rows = usage.top_endpoints;
  const timed = rows.some(({ p95_ms }) => p95_ms !== null);
  return (
    <Panel
      title="Endpoints"
      note="Most accessed"
      csv={() => ({
        name: 'endpoints',
        header: ['endpoint', 'accesses', 'people', 'errors', 'p50_ms', 'p95_ms'],
        rows: rows.map((row) => [
          row.endpoint,
          row.hits,
          row.people,
          row.errors,
          row.p50_ms,
          row.p95_ms,
        ]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title="No endpoint was accessed in this range" />
      ) : (
        <DataTable
          caption="Most accessed endpoints"
          heading="Endpoint"
          rows={rows}
          keyOf={(row) => row.endpoint}
          weight={(row) => row.hits}
          name={(row) => <FilterLink name="endpoint" value={row.endpoint} />}
          columns={
            timed
              ? [...endpointColumns, ...timeColumns(usage.response_time_error)]
              : endpointColumns
          }
        />
      )}
    </Panel>
  );
}

const userColumns: NumberColumn<User>[] = [
  hits,
  {
    heading: 'Devices',
    unit: ({ devices }) => pluralize(devices, 'device'),
    text: ({ devices }) => formatCount(devices),
  },
  errors,
];

/** The people with the most accesses, and the tags of servers. */
export function Users({ usage }: { usage: UsageResponse }) {
  const rows = usage.by_user;
  return (
    <Panel
      title="People and servers"
      csv={() => ({
        name: 'people',
        header: ['user', 'name', 'accesses', 'devices', 'errors'],
        rows: rows.map((row) => [row.user, row.name, row.hits, row.devices, row.errors]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title="No accesses by anyone in this range" />
      ) : (
        <DataTable
          caption="Accesses by user"
          heading="User"
          rows={rows}
          keyOf={(row) => row.user}
          weight={(row) => row.hits}
          name={(row) => (
            <FilterLink
              name="user"
              value={row.user}
              text={row.name || row.user}
              title={`${row.name} ${row.user}`}
            />
          )}
          columns={userColumns}
        />
      )}
    </Panel>
  );
}

const deviceColumns: NumberColumn<Device>[] = [hits, errors];

/** The devices the accesses come from. */
export function VisitingDevices({ usage }: { usage: UsageResponse }) {
  const rows = usage.by_device;
  return (
    <Panel
      title="Accesses by device"
      csv={() => ({
        name: 'visiting-devices',
        header: ['device', 'user', 'accesses', 'errors', 'id'],
        rows: rows.map((row) => [row.device, row.user, row.hits, row.errors, row.id]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title="No accesses from any device in this range" />
      ) : (
        <DataTable
          caption="Accesses by device"
          heading="Device"
          rows={rows}
          keyOf={(row) => row.id ?? `${row.device}\n${row.user}`}
          weight={(row) => row.hits}
          name={(row) => (
            <span className={styles.named}>
              <FilterLink name="device" value={row.device} title={`${row.device} ${row.user}`} />
              {row.id && <DetailsLink id={row.id} name={row.device} />}
            </span>
          )}
          columns={deviceColumns}
        />
      )}
    </Panel>
  );
}
