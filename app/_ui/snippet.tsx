'use client';

import { useState } from 'react';
import { t } from '@/lib/i18n/t';
import styles from './snippet.module.css';

/** A line is not broken after the dashes of an option. */
const OPTION = /(--[\w-]+)/;

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
      <section className={styles.lines} aria-label={label}>
        <pre>
          {text.split(OPTION).map((part, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text stay where they are.
            index % 2 === 1 ? <span key={index}>{part}</span> : part,
          )}
        </pre>
      </section>
      <button type="button" className="control" data-needs-js onClick={copy}>
        <span aria-live="polite">{t(`ui.${said}`)}</span>
        <span className="hidden">: {label}</span>
      </button>
    </div>
  );
}
