import type { ReactNode } from 'react';
import styles from './message.module.css';

/** A page that only has one thing to say. */
export function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className={styles.message}>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
