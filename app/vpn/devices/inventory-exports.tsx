'use client';

import type { DeviceResponse } from '@/lib/api/schemas';
import { ansibleInventory, ansibleYaml } from '@/lib/domain/ansible';
import { t } from '@/lib/i18n/t';
import { downloadText } from '../../_ui/csv';
import styles from './inventory.module.css';

/** Saves the devices shown as JSON, or as an inventory for Ansible; CSV is saved by the panel. */
export function InventoryExports({ rows }: { rows: readonly DeviceResponse[] }) {
  const json = () =>
    downloadText('devices.json', 'application/json', `${JSON.stringify(rows, null, 2)}\n`);
  const ansible = () => {
    const inventory = ansibleInventory(
      rows.map((device) => ({
        ...device,
        name: device.hostname,
        dnsName: device.dns_name,
        owner: device.tags.length > 0 ? null : (device.user?.login ?? null),
        version: device.inventory?.version ?? null,
      })),
    );
    downloadText('tailnet.yaml', 'application/yaml', ansibleYaml(inventory));
  };
  return (
    <p className={styles.exports} data-needs-js>
      <span>{t('inventory.save')}</span>
      <button type="button" className="control" onClick={json}>
        {t('inventory.json')}
      </button>
      <button type="button" className="control" onClick={ansible}>
        {t('inventory.ansible')}
      </button>
    </p>
  );
}
