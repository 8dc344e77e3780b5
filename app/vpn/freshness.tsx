'use client';

import { formatDuration, formatRelative } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useClock, useRenderedAt } from '../_ui/clock';
import type { Polled } from '../_ui/polling';
import { rich } from '../_ui/rich';
import styles from './freshness.module.css';
import { useView } from './view-context';

const LATE_MS = 15_000;

/** The age of the numbers and a button that refreshes them. Announced to screen readers only when they are stale. */
export function Freshness({
  polled: { answeredAt, error, busy },
  onRefresh,
}: {
  polled: Polled<unknown>;
  onRefresh: () => void;
}) {
  const { view, hrefOf } = useView();
  const renderedAt = useRenderedAt();
  const age = useClock((now) => formatRelative(answeredAt ?? renderedAt, now));
  const late = useClock((now) => now - (answeredAt ?? renderedAt) > LATE_MS);
  const stale = error !== undefined || (late && !busy);
  return (
    <div className={styles.freshness} data-stale={stale}>
      <span className={styles.age}>
        {rich(stale ? 'view.stale' : 'view.updated', {
          age,
          word: (text) => <span className={styles.word}>{text}</span>,
        })}
      </span>
      <span className="hidden" role="status">
        {error && t('view.numbersStale', { reason: error.message })}
      </span>
      <a
        href={hrefOf(view)}
        className="control"
        aria-busy={busy}
        onClick={(event) => {
          event.preventDefault();
          onRefresh();
        }}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5v3h-3" />
        </svg>
        <span className={styles.word}>{t('view.refresh')}</span>
      </a>
    </div>
  );
}

/** Says that the page could not be refreshed, why, and that it keeps trying. */
export function StaleNotice({
  answeredAt,
  error,
}: {
  /** `null`: the numbers are those the page was rendered with. */
  answeredAt: number | null;
  error: Error;
}) {
  const renderedAt = useRenderedAt();
  const age = useClock((now) => formatDuration(now - (answeredAt ?? renderedAt)));
  return (
    <p className={styles.notice}>
      {rich('view.retrying', {
        reason: error.message,
        age,
        strong: (text) => <strong>{text}</strong>,
      })}
    </p>
  );
}
