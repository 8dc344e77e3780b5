'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { DataTable } from '../_ui/data-table';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { DetailsLink } from './details-link';
import { hasServices, serviceOf } from './service-names';
import { deviceCount, errors, hits, people, responseTimes } from './usage-columns';
import styles from './usage-lists.module.css';
import { FilterLink } from './view-context';
import { isPerson, userName } from './visitor-words';

type User = UsageResponse['by_user'][number];
type Device = UsageResponse['by_device'][number];

/** The endpoints with the most accesses. Durations are left out when the log has none. */
export function Endpoints({ usage }: { usage: UsageResponse }) {
  const rows = usage.top_endpoints;
  const timed = rows.some(({ p95_ms }) => p95_ms !== null);
  const several = hasServices(usage);
  return (
    <Panel
      title={t('dashboard.endpoints')}
      note={t('dashboard.mostAccessed')}
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
        <Empty title={t('dashboard.noEndpoint')} />
      ) : (
        <DataTable
          caption={t('dashboard.mostAccessedEndpoints')}
          heading={t('dashboard.endpoint')}
          rows={rows}
          keyOf={(row) => `${row.host} ${row.endpoint}`}
          weight={(row) => row.hits}
          name={(row) => (
            <span className={styles.named}>
              <FilterLink filter="endpoint" value={row.endpoint} />
              {several && (
                <span className={styles.host}>
                  <FilterLink filter="host" {...serviceOf(row)} />
                </span>
              )}
            </span>
          )}
          columns={[
            hits(),
            people(),
            errors(),
            ...(timed ? responseTimes(usage.response_time_error) : []),
          ]}
        />
      )}
    </Panel>
  );
}

/** The people with the most accesses, and apart from them servers (by their tags) and addresses without a name. */
export function Users({ usage }: { usage: UsageResponse }) {
  const rows = usage.by_user;
  const people = rows.filter(({ user }) => isPerson(user));
  const others = rows.filter(({ user }) => !isPerson(user));
  return (
    <Panel
      title={t('dashboard.peopleAndServers')}
      csv={() => ({
        name: 'people',
        header: ['user', 'name', 'accesses', 'devices', 'errors'],
        rows: rows.map((row) => [row.user, row.name, row.hits, row.devices, row.errors]),
      })}
    >
      {rows.length === 0 && <Empty title={t('dashboard.noPeople')} />}
      {people.length > 0 && (
        <UserTable
          rows={people}
          caption={t('dashboard.byPerson')}
          heading={t('dashboard.person')}
        />
      )}
      {others.length > 0 && (
        <>
          <h3 className={styles.others}>{t('dashboard.servers')}</h3>
          <UserTable
            rows={others}
            caption={t('dashboard.byServer')}
            heading={t('dashboard.server')}
          />
        </>
      )}
    </Panel>
  );
}

function UserTable({
  rows,
  caption,
  heading,
}: {
  rows: readonly User[];
  caption: string;
  heading: string;
}) {
  return (
    <DataTable
      caption={caption}
      heading={heading}
      rows={rows}
      keyOf={(row) => row.user}
      weight={(row) => row.hits}
      name={(row) => (
        <FilterLink
          filter="user"
          value={row.user}
          text={userName(row)}
          title={`${row.name} ${row.user}`}
        />
      )}
      columns={[hits(), deviceCount(), errors()]}
    />
  );
}

/** The devices the accesses come from. */
export function VisitingDevices({ usage }: { usage: UsageResponse }) {
  const rows = usage.by_device;
  const names = rows.map(({ device }) => device);
  // Devices may have one name.
  const key = ({ device, id }: Device) =>
    id !== null && names.indexOf(device) !== names.lastIndexOf(device) ? id : device;
  return (
    <Panel
      title={t('dashboard.byDevice')}
      csv={() => ({
        name: 'visiting-devices',
        header: ['device', 'user', 'accesses', 'errors', 'id'],
        rows: rows.map((row) => [row.device, row.user, row.hits, row.errors, row.id]),
      })}
    >
      {rows.length === 0 ? (
        <Empty title={t('dashboard.noDevices')} />
      ) : (
        <DataTable
          caption={t('dashboard.byDevice')}
          heading={t('usage.device')}
          rows={rows}
          keyOf={(row) => row.id ?? `${row.device}\n${row.user}`}
          weight={(row) => row.hits}
          name={(row) => (
            <span className={styles.named}>
              <FilterLink
                filter="device"
                value={key(row)}
                text={row.device}
                title={`${row.device} ${row.user}`}
              />
              {row.id && <DetailsLink id={row.id} name={row.device} />}
            </span>
          )}
          columns={[hits(), errors()]}
        />
      )}
    </Panel>
  );
}
