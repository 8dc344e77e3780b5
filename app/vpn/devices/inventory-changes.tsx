'use client';

import type { ChangesResponse } from '@/lib/api/inventory-schemas';
import type { InventoryField } from '@/lib/domain/inventory';
import type { MessageKey } from '@/lib/i18n/messages';
import { t } from '@/lib/i18n/t';
import { Empty } from '../../_ui/empty';
import { Name } from '../../_ui/name';
import { Panel } from '../../_ui/panel';
import { ListedTime } from '../../_ui/relative-time';
import { DeviceLink } from '../device-link';
import styles from './inventory.module.css';
import { FLAGS, HEADINGS, NATS } from './inventory-columns';

const FEW = 12;
const FIELDS: Record<InventoryField, MessageKey> = {
  ...HEADINGS,
  distro_version: 'inventory.distroVersion',
  routes_offered: 'inventory.routesOffered',
  routes_approved: 'inventory.routesApproved',
  exit_node_offered: 'inventory.exitOffered',
  exit_node: HEADINGS.exit,
  home_region: HEADINGS.region,
};

/** What has changed of devices, newest first. */
export function InventoryChanges({ changes }: ChangesResponse) {
  const rest = changes.slice(FEW);
  return (
    <Panel
      title={t('inventory.changes')}
      note={t('inventory.changesNote')}
      csv={
        changes.length === 0
          ? undefined
          : () => ({
              name: 'device-changes',
              header: ['time', 'device_id', 'hostname', 'field', 'before', 'after'],
              rows: changes.map(({ time, device_id, hostname, field, before, after }) => [
                ...[time, device_id, hostname, field, before, after],
              ]),
            })
      }
    >
      {changes.length === 0 ? (
        <Empty title={t('inventory.noChangesTitle')}>{t('inventory.noChanges')}</Empty>
      ) : (
        <>
          <Rows changes={changes.slice(0, FEW)} />
          {rest.length > 0 && (
            <details className={styles.more} data-printed>
              <summary>{t('ui.showAll', { count: changes.length })}</summary>
              <Rows changes={rest} />
            </details>
          )}
        </>
      )}
    </Panel>
  );
}

function Rows({ changes }: Pick<ChangesResponse, 'changes'>) {
  return (
    <ul className={styles.changes}>
      {changes.map(({ time, device_id, hostname, field, before, after }) => (
        <li key={`${time} ${device_id} ${field}`}>
          <span className={styles.dim}>
            <ListedTime iso={time} />
          </span>
          <DeviceLink id={device_id}>
            <Name text={hostname} />
          </DeviceLink>
          <span>{t(FIELDS[field])}</span>
          <span className={styles.change}>
            <Side field={field} words={before} />
            <span className="hidden"> {t('inventory.became')} </span>
            <span aria-hidden="true"> → </span>
            <Side field={field} words={after} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Fields whose values are words of ours, and those words. */
const OURS: Partial<Record<InventoryField, Record<string, MessageKey>>> = {
  container: FLAGS,
  exit_node: FLAGS,
  exit_node_offered: FLAGS,
  nat: NATS,
};

function Side({ field, words }: { field: InventoryField; words: string }) {
  const key = OURS[field]?.[words];
  return <bdi>{key ? t(key) : words || '—'}</bdi>;
}
