'use client';

import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { t } from '@/lib/i18n/t';
import styles from './palette.module.css';

const loadPalette = () => import('./palette');
const Palette = lazy(loadPalette);

/** What has been typed, and whether Enter was pressed before it could be answered. */
export type Typed = { query: string; entered: { filter: boolean } | null };

/**
 * The dialog of the palette. It has its field at once, so that nothing typed is lost while the palette's code and data
 * are on their way.
 */
export function PaletteDialog({
  onClose,
  showShortcuts,
}: {
  onClose: () => void;
  showShortcuts: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState<Typed>({ query: '', entered: null });
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop closes; Escape does so by keyboard.
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={t('palette.title')}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <Suspense
        fallback={
          <input
            className={styles.input}
            aria-label={t('palette.title')}
            placeholder={t('palette.placeholder')}
            autoComplete="off"
            spellCheck={false}
            value={typed.query}
            onChange={(event) => setTyped({ query: event.target.value, entered: null })}
            onKeyDown={({ key, shiftKey }) => {
              if (key === 'Enter') setTyped({ ...typed, entered: { filter: shiftKey } });
            }}
          />
        }
      >
        <Palette
          typed={typed}
          onType={setTyped}
          close={() => dialog.current?.close()}
          showShortcuts={showShortcuts}
        />
      </Suspense>
    </dialog>
  );
}
