'use client';

import { formatDuration, formatRelative } from '@/lib/domain/format';
import { useClock, useRenderedAt } from '../_ui/clock';
import { answeredAt, type Live } from '../_ui/live';
import styles from './freshness.module.css';
import { useView } from './view-context';

const LATE_MS = 15_000;

/** How old the numbers are, and a way to ask for new ones. Speaks up, also to a screen reader, only when they are stale. */
export function Freshness({
  path,
  live,
  onRefresh,
}: {
  path: string;
  live: Live<unknown>;
  onRefresh: () => void;
}) {
  const { view, hrefOf } = useView();
  const renderedAt = useRenderedAt();
  const age = useClock((now) => formatRelative(answeredAt(path) ?? renderedAt, now));
  const late = useClock((now) => now - (answeredAt(path) ?? renderedAt) > LATE_MS);
  const stale = live.error !== undefined || (late && !live.busy);
  return (
    <div className={styles.freshness} data-stale={stale}>
      <span className={styles.age}>
        <span className={styles.word}>{stale ? 'Stale:' : 'Updated'} </span>
        {age}
      </span>
      <span className="hidden" role="status">
        {live.error ? `The numbers are stale: ${live.error.message}` : ''}
      </span>
      <a
        href={hrefOf(view)}
        className="control"
        aria-busy={live.busy}
        onClick={(event) => {
          event.preventDefault();
          onRefresh();
        }}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5v3h-3" />
        </svg>
        <span className={styles.word}>Refresh</span>
      </a>
    </div>
  );
}

/** Says that the page could not be refreshed, why, and that it goes on trying. */
export function StaleNotice({ path, error }: { path: string; error: Error }) {
  const renderedAt = useRenderedAt();
  const age = useClock((now) => formatDuration(now - (answeredAt(path) ?? renderedAt)));
  return (
    <p className={styles.notice}>
      <strong>Not refreshed for {age}.</strong> {error.message} Trying again by itself.
    </p>
  );
}
