'use client';

import type { ReactNode } from 'react';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { t } from '@/lib/i18n/t';
import { CollectorSwitch } from './collector-switch';
import { FilterBar } from './filter-bar';
import { FilterChips } from './filter-chips';
import { RangePicker } from './range-picker';
import styles from './toolbar.module.css';
import { useView, ViewLink } from './view-context';

/** Chooses what the page shows: the range, the filters, and the bots switch. Sticks to the top. */
export function Toolbar({
  collectors = [],
  children,
}: {
  collectors?: HealthResponse['collectors'];
  children?: ReactNode;
}) {
  const { view } = useView();
  return (
    <div className={styles.toolbar}>
      <RangePicker />
      <div className={styles.more}>
        <CollectorSwitch collectors={collectors} />
        <ViewLink
          to={{ ...view, bots: !view.bots }}
          className={styles.switch}
          title={t(view.bots ? 'view.botsCounted' : 'view.botsLeftOut')}
        >
          <i data-on={view.bots} />
          <span>
            {t('view.countBots')}
            <span className="hidden">{t(view.bots ? 'view.on' : 'view.off')}</span>
          </span>
        </ViewLink>
        <FilterBar />
        <FilterChips />
      </div>
      {children && <div className={styles.end}>{children}</div>}
    </div>
  );
}
