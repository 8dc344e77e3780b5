'use client';

import type { FormEvent } from 'react';
import type { DeviceResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { keepInCookie } from '../../_ui/cookie';
import styles from './inventory.module.css';
import { COLUMNS, HEADINGS } from './inventory-columns';
import { COLUMNS_COOKIE, type InventoryView } from './inventory-view';

/** Search, system, tag and the columns: a form, so that it works without JavaScript. */
export function InventoryFilters({
  devices,
  view,
}: {
  devices: readonly DeviceResponse[];
  view: InventoryView;
}) {
  const systems = [...new Set(devices.map(({ os }) => os).filter(Boolean))].sort();
  const tags = [...new Set(devices.flatMap((device) => device.tags))].sort();
  const remember = ({ currentTarget }: FormEvent<HTMLFormElement>) => {
    const chosen = new FormData(currentTarget).getAll('column').map(String);
    keepInCookie(COLUMNS_COOKIE, chosen.join('.'));
  };
  const { show, version, sort, collector } = view;
  const order = sort.key === 'name' && !sort.descending ? '' : sort.key;
  return (
    <form action="/vpn/devices" className={styles.filters} onSubmit={remember}>
      <input
        className="control"
        type="search"
        name="find"
        aria-label={t('inventory.search')}
        placeholder={t('inventory.searchHint')}
        defaultValue={view.find}
      />
      <Choice name="os" label={t('inventory.os')} all={t('inventory.allSystems')} value={view.os}>
        {systems}
      </Choice>
      <Choice name="tag" label={t('inventory.tags')} all={t('inventory.allTags')} value={view.tag}>
        {tags}
      </Choice>
      {show && <input type="hidden" name="show" value={show} />}
      {version && <input type="hidden" name="version" value={version} />}
      {order && (
        <input type="hidden" name="sort" value={`${sort.descending ? '-' : ''}${sort.key}`} />
      )}
      {collector && <input type="hidden" name="collector" value={collector} />}
      <button type="submit" className="control">
        {t('inventory.apply')}
      </button>
      <details className={styles.columns}>
        <summary>{t('inventory.columns')}</summary>
        <fieldset aria-label={t('inventory.columns')}>
          <input type="hidden" name="column" value="name" />
          {COLUMNS.map((column) => (
            <label key={column}>
              <input
                type="checkbox"
                name="column"
                value={column}
                defaultChecked={view.columns.includes(column)}
              />
              {t(HEADINGS[column])}
            </label>
          ))}
        </fieldset>
      </details>
    </form>
  );
}

function Choice({
  name,
  label,
  all,
  value,
  children,
}: {
  name: string;
  label: string;
  all: string;
  value: string;
  children: readonly string[];
}) {
  return (
    <select name={name} className="control" aria-label={label} defaultValue={value}>
      <option value="">{all}</option>
      {children.map((word) => (
        <option key={word} value={word}>
          {word}
        </option>
      ))}
    </select>
  );
}
