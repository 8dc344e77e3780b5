'use client';

import { type ReactNode, useState } from 'react';
import { t } from '@/lib/i18n/t';
import styles from './as-table.module.css';
import { useHydrated } from './clock';

/**
 * The numbers of a chart as a table, behind a summary. Rows are rendered when it is opened; without JavaScript from the
 * start.
 */
export function AsTable({ label, children }: { label: string; children: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  const hydrated = useHydrated();
  return (
    <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('ui.asTable')}</summary>
      {(open || !hydrated) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it.
        <section className={styles.scroll} tabIndex={0} aria-label={label}>
          <table>{children()}</table>
        </section>
      )}
    </details>
  );
}
