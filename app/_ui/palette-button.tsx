'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import styles from './palette-button.module.css';

const Palette = lazy(() => import('./palette'));

/** Opens the search over nodes, users and endpoints; so does Ctrl-K (⌘K), anywhere. Its code is loaded when it is first opened. */
export function PaletteButton() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        className="control"
        data-needs-js
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        Find <kbd className={styles.key}>Ctrl K</kbd>
      </button>
      {open && (
        <Suspense>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
