import type { ReactNode } from 'react';
import styles from './message.module.css';

/** A page with a single message. */
export function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className={styles.message}>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
