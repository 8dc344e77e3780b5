'use client';

import { Glyph, SEVERITY_SHAPES } from '../_ui/glyph';
import styles from './problem-list.module.css';
import type { Problem } from './problems';

const SHOWN = 3;

/** What is wrong, worst first; the first three in sight. Nothing wrong is one quiet line. */
export function ProblemList({
  problems,
  allSeen,
}: {
  problems: readonly Problem[];
  /** The tailnet and the log have both been looked at: no problem means none. */
  allSeen: boolean;
}) {
  const rest = problems.slice(SHOWN);
  return (
    <section className={styles.problems} aria-label="Problems">
      <p className="hidden" role="status">
        {problems.length > 0 && `Problems: ${problems.length}`}
      </p>
      {problems.length === 0 && allSeen && <p className={styles.none}>Nothing needs attention.</p>}
      <ul>
        {problems.slice(0, SHOWN).map((problem) => (
          <Row key={problem.id} problem={problem} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
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

function Row({ problem: { severity, title, detail, href } }: { problem: Problem }) {
  return (
    <li className={styles.row} data-severity={severity}>
      <Glyph shape={SEVERITY_SHAPES[severity]} />
      <span className="hidden">{severity}: </span>
      <strong>{href ? <a href={href}>{title}</a> : title}</strong>
      <span>{detail}</span>
    </li>
  );
}
