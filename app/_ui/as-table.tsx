'use client';

import { type ReactNode, useState } from 'react';
import styles from './as-table.module.css';
import { useHydrated } from './clock';

/** The numbers of a chart as a table, behind a summary. Rows are made when it is opened; without scripts they are there from the start. */
export function AsTable({ label, children }: { label: string; children: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  const hydrated = useHydrated();
  return (
    <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {(open || !hydrated) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must reach too.
        <section className={styles.scroll} tabIndex={0} aria-label={label}>
          <table>{children()}</table>
        </section>
      )}
    </details>
  );
}
