'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { Panel } from '../_ui/panel';
import { serviceOf } from './service-names';
import { ServicesTable, servicesCsv } from './services-table';
import { viewHref } from './view';
import { FilterLink, useView } from './view-context';

/** The services that were accessed. */
export default function ServicesSection({ usage }: { usage: UsageResponse }) {
  const { view } = useView();
  return (
    <Panel
      title={t('usage.services')}
      note={<a href={viewHref(view, '/vpn/services')}>{t('dashboard.allServices')}</a>}
      csv={() => servicesCsv(usage)}
    >
      <ServicesTable
        usage={usage}
        name={(service) => <FilterLink filter="host" {...serviceOf(service)} />}
      />
    </Panel>
  );
}
