'use client';

import { useState } from 'react';
import { t } from '@/lib/i18n/t';
import styles from './snippet.module.css';

/** Lines to paste somewhere, with a button that copies them. */
export function Snippet({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState<'copy' | 'copied' | 'copyYourself'>('copy');
  const copy = () =>
    navigator.clipboard
      .writeText(text)
      .then(
        () => setSaid('copied'),
        () => setSaid('copyYourself'),
      )
      .finally(() => setTimeout(() => setSaid('copy'), 2000));
  return (
    <div className={styles.snippet}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls sideways, so the keyboard must be able to reach it. */}
      <section className={styles.lines} tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <button type="button" className="control" data-needs-js onClick={copy}>
        <span aria-live="polite">{t(`ui.${said}`)}</span>
        <span className="hidden">: {label}</span>
      </button>
    </div>
  );
}
