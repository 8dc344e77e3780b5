'use client';

import type { DeviceResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { RelativeTime } from '../../../_ui/relative-time';
import { unapprovedRoutes } from '../inventory-columns';
import { Fact } from './fact';

const NATS = {
  easy: 'inventory.nat_easy',
  hard: 'inventory.nat_hard',
  no_udp: 'inventory.nat_no_udp',
} as const;

/** What the inventory knows of a device; what is not known is left out. */
export function InventoryFacts({ device }: { device: DeviceResponse }) {
  const { inventory, created } = device;
  if (!inventory) return null;
  const { version, os_version, distro, distro_version, arch, container, nat, services } = inventory;
  const system = [distro, distro_version, os_version, arch].filter(Boolean).join(' ');
  const unapproved = unapprovedRoutes(device) ?? [];
  return (
    <>
      {version && <Fact name={t('inventory.version')}>{version}</Fact>}
      {system && <Fact name={t('inventory.osVersion')}>{system}</Fact>}
      {container && <Fact name={t('inventory.container')}>{t('inventory.yes')}</Fact>}
      {unapproved.length > 0 && (
        <Fact name={t('inventory.routesOffered')}>
          {t('inventory.notApproved', { routes: unapproved.join(' ') })}
        </Fact>
      )}
      {inventory.exit_node_offered && !device.exit_node && (
        <Fact name={t('inventory.exit')}>{t('inventory.exit_offered')}</Fact>
      )}
      {services && services.length > 0 && (
        <Fact name={t('inventory.services')}>{services.join(', ')}</Fact>
      )}
      {nat && <Fact name={t('inventory.nat')}>{t(NATS[nat])}</Fact>}
      {created && (
        <Fact name={t('inventory.created')}>
          <RelativeTime iso={created} />
        </Fact>
      )}
      <Fact name={t('inventory.firstSeen')}>
        <RelativeTime iso={inventory.first_seen} />
      </Fact>
    </>
  );
}
