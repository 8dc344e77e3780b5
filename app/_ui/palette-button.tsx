'use client';

import { useEffect, useState } from 'react';
import { t } from '@/lib/i18n/t';
import { Palette } from './palette';
import styles from './palette-button.module.css';

/** Opens the search for devices, users, endpoints and pages; so does Ctrl-K (⌘K), anywhere. */
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
        {t('common.find')} <kbd className={styles.key}>Ctrl K</kbd>
      </button>
      {open && <Palette onClose={() => setOpen(false)} />}
    </>
  );
}
