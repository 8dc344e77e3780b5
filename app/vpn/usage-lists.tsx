'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { formatCount, formatLatency } from '@/lib/domain/format';
import { DataTable, type NumberColumn } from '../_ui/data-table';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { DetailsLink } from './details-link';
import styles from './usage-lists.module.css';
import { FilterLink } from './view-context';

type Endpoint = UsageResponse['top_endpoints'][number];
type User = UsageResponse['by_user'][number];
type Device = UsageResponse['by_device'][number];

const hits: NumberColumn<{ hits: number }> = {
  head: 'Accesses',
  unit: 'accesses',
  text: (row) => formatCount(row.hits),
};
/** Stray errors are everywhere; one answer in twenty is an exception. */
const ALARMING_SHARE = 0.05;
const errors: NumberColumn<{ hits: number; errors: number }> = {
  head: 'Errors',
  unit: 'errors',
  text: (row) => formatCount(row.errors),
  alarming: (row) => row.errors >= row.hits * ALARMING_SHARE && row.errors > 0,
};
const endpointColumns: NumberColumn<Endpoint>[] = [
  hits,
  { head: 'People', unit: 'people', text: ({ users }) => formatCount(users) },
  errors,
];
const timeColumns: NumberColumn<Endpoint>[] = [
  { head: 'p50', unit: 'p50', text: ({ p50_ms }) => formatLatency(p50_ms) },
  { head: 'p95', unit: 'p95', text: ({ p95_ms }) => formatLatency(p95_ms) },
];

/** What is asked for most. Times are left out when the log has none. */
export function Endpoints({ usage }: { usage: UsageResponse }) {
  const rows = usage.top_endpoints;
  const timed = rows.some(({ p95_ms }) => p95_ms !== null);
  return (
    <Panel
      title="Endpoints"
      note="most visited"
      csv={() => ({
        name: 'endpoints',
        header: ['endpoint', 'accesses', 'people', 'errors', 'p50_ms', 'p95_ms'],
        rows: rows.map((row) => [
          row.endpoint,
          row.hits,
          row.users,
          row.errors,
          row.p50_ms,
          row.p95_ms,
        ]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title="No endpoint was visited in this range" />
      ) : (
        <DataTable
          caption="Most visited endpoints"
          head="Endpoint"
          rows={rows}
          keyOf={(row) => row.endpoint}
          weight={(row) => row.hits}
          name={(row) => <FilterLink name="endpoint" value={row.endpoint} />}
          columns={timed ? [...endpointColumns, ...timeColumns] : endpointColumns}
        />
      )}
    </Panel>
  );
}

const userColumns: NumberColumn<User>[] = [
  hits,
  { head: 'Devices', unit: 'devices', text: ({ devices }) => formatCount(devices) },
  errors,
];

/** Who visits. */
export function Users({ usage }: { usage: UsageResponse }) {
  const rows = usage.by_user;
  return (
    <Panel
      title="People"
      csv={() => ({
        name: 'people',
        header: ['user', 'name', 'accesses', 'devices', 'errors'],
        rows: rows.map((row) => [row.user, row.name, row.hits, row.devices, row.errors]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title="Nobody visited in this range" />
      ) : (
        <DataTable
          caption="Accesses by user"
          head="User"
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

/** From which devices the visits come. */
export function VisitingDevices({ usage }: { usage: UsageResponse }) {
  const rows = usage.by_device;
  return (
    <Panel
      title="Visiting devices"
      csv={() => ({
        name: 'visiting-devices',
        header: ['device', 'user', 'accesses', 'errors'],
        rows: rows.map((row) => [row.device, row.user, row.hits, row.errors]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title="No device visited in this range" />
      ) : (
        <DataTable
          caption="Accesses by device"
          head="Device"
          rows={rows}
          keyOf={(row) => `${row.device}\n${row.user}`}
          weight={(row) => row.hits}
          name={(row) => (
            <span className={styles.named}>
              <FilterLink name="device" value={row.device} title={`${row.device} ${row.user}`} />
              {row.device && <DetailsLink id={row.device} name={row.device} />}
            </span>
          )}
          columns={deviceColumns}
        />
      )}
    </Panel>
  );
}
