'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import { t } from '@/lib/i18n/t';
import styles from './shortcuts.module.css';

/** A dialog that lists the keyboard's shortcuts. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="shortcuts" onClose={onClose}>
      <header>
        <h2 id="shortcuts">{t('palette.shortcuts')}</h2>
        <button type="button" className="control" onClick={() => dialog.current?.close()}>
          {t('palette.close')}
        </button>
      </header>
      <dl>
        <Keys names={['Ctrl K', '⌘ K', '/']}>{t('palette.keyFind')}</Keys>
        <Keys names={['↑', '↓']}>{t('palette.keyMove')}</Keys>
        <Keys names={['Enter']}>{t('palette.keyOpen')}</Keys>
        <Keys names={['Shift Enter']}>{t('palette.keyFilter')}</Keys>
        <Keys names={['Tab']}>{t('palette.keyTab')}</Keys>
        <Keys names={['Esc']}>{t('palette.keyEscape')}</Keys>
        <Keys names={['?']}>{t('palette.keyHelp')}</Keys>
      </dl>
    </dialog>
  );
}

function Keys({ names, children }: { names: readonly string[]; children: ReactNode }) {
  return (
    <div>
      <dt>
        {names.map((name, index) => (
          <span key={name}>
            {index > 0 && ` ${t('palette.keyOr')} `}
            <kbd>{name}</kbd>
          </span>
        ))}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
