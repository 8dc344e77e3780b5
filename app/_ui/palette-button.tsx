'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import { t } from '@/lib/i18n/t';
import styles from './palette-button.module.css';
import { PaletteDialog } from './palette-dialog';

const Shortcuts = lazy(() => import('./shortcuts'));

/**
 * Opens the search for devices, users, endpoints, pages and actions; so does Ctrl-K (⌘K) anywhere, and `/` outside of
 * text fields. `?` lists the shortcuts.
 */
export function PaletteButton() {
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const next = openedBy(event);
      if (next === null) return;
      event.preventDefault();
      setOpen(next);
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
        onClick={() => setOpen('palette')}
      >
        {t('common.find')} <kbd className={styles.key}>Ctrl K</kbd>
      </button>
      {open === 'palette' && (
        <PaletteDialog onClose={() => setOpen(null)} showShortcuts={() => setOpen('shortcuts')} />
      )}
      {open === 'shortcuts' && (
        <Suspense>
          <Shortcuts onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}

function openedBy(event: KeyboardEvent): 'palette' | 'shortcuts' | null {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  if (ctrlKey || metaKey) return key.toLowerCase() === 'k' ? 'palette' : null;
  const isTyping =
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], dialog');
  if (isTyping || altKey) return null;
  if (key === '?') return 'shortcuts';
  return key === '/' ? 'palette' : null;
}
