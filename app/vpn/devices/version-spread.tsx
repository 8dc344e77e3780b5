import type { DeviceResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { Panel } from '../../_ui/panel';
import styles from './inventory.module.css';
import { spreadOf } from './inventory-rows';
import type { InventoryView } from './inventory-view';

/** How many devices run which version, newest first; each is a link to those devices. */
export function VersionSpread({
  devices,
  view,
  hrefOf,
}: {
  devices: readonly DeviceResponse[];
  view: InventoryView;
  hrefOf: (change: Partial<InventoryView>) => string;
}) {
  const { spread, unknown } = spreadOf(devices);
  if (spread.length === 0) return null;
  const most = Math.max(...spread.map(({ devices: count }) => count));
  return (
    <Panel
      title={t('inventory.versions')}
      note={unknown > 0 && t('inventory.versionsUnknown', { count: unknown })}
    >
      <ul className={styles.versions}>
        {spread.map(({ version, devices: count }) => {
          const isChosen = version === view.version;
          return (
            <li key={version}>
              <a
                href={hrefOf({ version: isChosen ? '' : version })}
                aria-current={isChosen ? 'true' : undefined}
              >
                <bdi>{version}</bdi>
              </a>
              <i className={styles.bar} aria-hidden="true">
                <b style={{ width: `${(count / most) * 100}%` }} />
              </i>
              <span>{t('inventory.devicesCount', { count })}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
