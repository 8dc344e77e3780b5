'use client';

import { formatCount, formatDuration } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useClock } from '../_ui/clock';
import { Glyph, SEVERITY_SHAPES } from '../_ui/glyph';
import styles from './problem-list.module.css';
import type { Problem } from './problems';

const FIRST = 3;

/** The problems, worst first, three of them in view; one quiet line when there are none. */
export function ProblemList({
  problems,
  complete,
}: {
  problems: readonly Problem[];
  /** Both the tailnet and the log have been checked, so that an empty list means no problem. */
  complete: boolean;
}) {
  const rest = problems.slice(FIRST);
  return (
    <section className={styles.problems} aria-label={t('dashboard.problems')}>
      <p className="hidden" role="status">
        {problems.length > 0 &&
          t('dashboard.problemCount', { count: formatCount(problems.length) })}
      </p>
      {problems.length === 0 && complete && (
        <p className={styles.none}>{t('dashboard.nothingWrong')}</p>
      )}
      <ul>
        {problems.slice(0, FIRST).map((problem) => (
          <Row key={problem.id} problem={problem} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details data-printed>
          <summary>{t('dashboard.moreProblems', { count: formatCount(rest.length) })}</summary>
          <ul>
            {rest.map((problem) => (
              <Row key={problem.id} problem={problem} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Row({ problem: { severity, title, detail, href, since } }: { problem: Problem }) {
  return (
    <li className={styles.row} data-severity={severity}>
      <Glyph shape={SEVERITY_SHAPES[severity]} />
      <span className="hidden">{t(`dashboard.${severity}`)}: </span>
      <strong>{href ? <a href={href}>{title}</a> : title}</strong>
      <span>{since ? <Firing since={since} /> : detail}</span>
    </li>
  );
}

function Firing({ since }: { since: string }) {
  const length = useClock((now) => formatDuration(now - Date.parse(since)));
  return t('dashboard.firingFor', { length });
}
