'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { DataTable, type NumberColumn } from '../_ui/data-table';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { DetailsLink } from './details-link';
import { hasServices, serviceOf } from './service-names';
import { deviceCount, errors, hits, people, responseTimes } from './usage-columns';
import styles from './usage-lists.module.css';
import { FilterLink } from './view-context';

type Endpoint = UsageResponse['top_endpoints'][number];
type User = UsageResponse['by_user'][number];
type Device = UsageResponse['by_device'][number];

const endpointColumns: NumberColumn<Endpoint>[] = [hits, people, errors];
/** The endpoints with the most accesses. Durations are left out when the log has none. */
export function Endpoints({ usage }: { usage: UsageResponse }) {
  const rows = usage.top_endpoints;
  const timed = rows.some(({ p95_ms }) => p95_ms !== null);
  const several = hasServices(usage);
  return (
    <Panel
      title="Endpoints"
      note="Most accessed"
      csv={() => ({
        name: 'endpoints',
        header: ['endpoint', 'accesses', 'people', 'errors', 'p50_ms', 'p95_ms', 'host'],
        rows: rows.map((row) => [
          row.endpoint,
          row.hits,
          row.people,
          row.errors,
          row.p50_ms,
          row.p95_ms,
          row.host,
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
          keyOf={(row) => `${row.host} ${row.endpoint}`}
          weight={(row) => row.hits}
          name={(row) => (
            <span className={styles.named}>
              <FilterLink name="endpoint" value={row.endpoint} />
              {several && (
                <span className={styles.host}>
                  <FilterLink name="host" {...serviceOf(row)} />
                </span>
              )}
            </span>
          )}
          columns={
            timed
              ? [...endpointColumns, ...responseTimes(usage.response_time_error)]
              : endpointColumns
          }
        />
      )}
    </Panel>
  );
}

const userColumns: NumberColumn<User>[] = [hits, deviceCount, errors];

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
  const names = rows.map(({ device }) => device);
  // Devices may have one name.
  const key = ({ device, id }: Device) =>
    id !== null && names.indexOf(device) !== names.lastIndexOf(device) ? id : device;
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
              <FilterLink
                name="device"
                value={key(row)}
                text={row.device}
                title={`${row.device} ${row.user}`}
              />
              {row.id && <DetailsLink id={row.id} name={row.device} />}
            </span>
          )}
          columns={deviceColumns}
        />
      )}
    </Panel>
  );
}
