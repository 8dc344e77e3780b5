'use client';

import { CLASSIFICATIONS } from '@/lib/domain/device';
import styles from './device-filters.module.css';
import { SORT_KEYS, type Sort } from './device-order';
import { COLUMN_HEADS } from './device-table';

type Wanted = { text: string; classification: string; online: string };

/** No search, every class, online or not. */
export const NOTHING_WANTED: Wanted = { text: '', classification: '', online: '' };

/** Search, class and online; on a phone, where the table has no headings, the order too. Needs scripts: without them every device is listed. */
export function DeviceFilters({
  wanted,
  onWant,
  sort,
  onSort,
}: {
  wanted: Wanted;
  onWant: (wanted: Wanted) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
}) {
  const want = (change: Partial<Wanted>) => {
    const next = { ...wanted, ...change };
    onWant(Object.values(next).some(Boolean) ? next : NOTHING_WANTED);
  };
  return (
    <search className={styles.filters} data-needs-js>
      <input
        className="control"
        type="search"
        aria-label="Search devices"
        placeholder="Name, user, address, tag…"
        value={wanted.text}
        onChange={(event) => want({ text: event.target.value })}
      />
      <select
        className="control"
        aria-label="Class"
        value={wanted.classification}
        onChange={(event) => want({ classification: event.target.value })}
      >
        <option value="">Every class</option>
        {CLASSIFICATIONS.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <select
        className="control"
        aria-label="Online or offline"
        value={wanted.online}
        onChange={(event) => want({ online: event.target.value })}
      >
        <option value="">Online or not</option>
        <option value="online">online</option>
        <option value="offline">offline</option>
      </select>
      <select
        className={`control ${styles.sort}`}
        aria-label="Order"
        value={sort?.key ?? ''}
        onChange={(event) => {
          const key = SORT_KEYS.find((known) => known === event.target.value);
          onSort(key ? { key, descending: false } : null);
        }}
      >
        <option value="">Worst first</option>
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {COLUMN_HEADS[key]}
          </option>
        ))}
      </select>
    </search>
  );
}
