'use client';

import type { UsageResponse } from '@/lib/api/schemas';
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
      title="Services"
      note={<a href={viewHref(view, '/vpn/services')}>All services</a>}
      csv={() => servicesCsv(usage)}
    >
      <ServicesTable
        usage={usage}
        name={(service) => <FilterLink name="host" {...serviceOf(service)} />}
      />
    </Panel>
  );
}
