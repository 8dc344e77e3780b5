'use client';

import { type ReactNode, useId } from 'react';
import { t } from '@/lib/i18n/t';
import { type CsvTable, downloadCsv } from './csv';
import styles from './panel.module.css';

/** A titled section of a page, with a button that saves what it shows as CSV. */
export function Panel({
  title,
  note,
  csv,
  id,
  children,
}: {
  title: string;
  note?: ReactNode;
  csv?: () => CsvTable;
  id?: string;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className={styles.panel} id={id} aria-labelledby={heading}>
      <header className={styles.head}>
        <h2 id={heading}>{title}</h2>
        {note && <div className={styles.note}>{note}</div>}
        {csv && (
          <button
            type="button"
            className={styles.csv}
            data-needs-js
            onClick={() => downloadCsv(csv())}
            title={t('ui.saveCsv', { title })}
          >
            CSV<span className="hidden">: {title}</span>
          </button>
        )}
      </header>
      {children}
    </section>
  );
}
