'use client';

import { CLASSIFICATIONS } from '@/lib/domain/device';
import { t } from '@/lib/i18n/t';
import { classWord } from '../_ui/meanings';
import styles from './device-filters.module.css';
import { type DeviceFilterValues, NO_FILTERS } from './device-list-view';
import { SORT_KEYS, type Sort } from './device-order';
import { columnHeading } from './device-table';

/**
 * Search, class and status; on a phone, where the table has no headings, also the order. Needs JavaScript: without it
 * every device is listed.
 */
export function DeviceFilters({
  filters,
  onFilter,
  sort,
  onSort,
}: {
  filters: DeviceFilterValues;
  onFilter: (filters: DeviceFilterValues) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const filter = (change: Partial<DeviceFilterValues>) => {
    const next = { ...filters, ...change };
    onFilter(Object.values(next).some(Boolean) ? next : NO_FILTERS);
  };
  return (
    <search className={styles.filters} data-needs-js>
      <input
        className="control"
        type="search"
        aria-label={t('deviceList.search')}
        placeholder={t('deviceList.searchHint')}
        value={filters.text}
        onChange={(event) => filter({ text: event.target.value })}
      />
      <select
        className="control"
        aria-label={t('deviceList.class')}
        value={filters.classification}
        onChange={(event) => filter({ classification: event.target.value })}
      >
        <option value="">{t('deviceList.allClasses')}</option>
        {CLASSIFICATIONS.map((name) => (
          <option key={name} value={name}>
            {classWord(name)}
          </option>
        ))}
      </select>
      <select
        className="control"
        aria-label={t('deviceList.status')}
        value={filters.online}
        onChange={(event) => filter({ online: event.target.value })}
      >
        <option value="">{t('deviceList.anyStatus')}</option>
        <option value="online">{t('deviceList.isOnline')}</option>
        <option value="offline">{t('deviceList.isOffline')}</option>
      </select>
      <select
        className={`control ${styles.sort}`}
        aria-label={t('deviceList.order')}
        value={sort?.key ?? ''}
        onChange={(event) => {
          const key = SORT_KEYS.find((name) => name === event.target.value);
          onSort(key ? { key, descending: false } : null);
        }}
      >
        <option value="">{t('deviceList.worstFirst')}</option>
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {columnHeading(key)}
          </option>
        ))}
      </select>
    </search>
  );
}
