'use client';

import type { LogsOverviewResponse } from '@/lib/api/logs-overview';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { ClockTime } from './clock-time';
import styles from './log-patterns.module.css';
import { levelWord } from './log-rows';
import { type LogView, logHref } from './log-view';

/** More are behind a summary. */
const FEW = 5;

/** The messages that say the same, together; each leads to its lines. */
export function LogPatterns({
  overview: { patterns, others },
  view,
}: {
  overview: LogsOverviewResponse;
  view: LogView;
}) {
  const more = patterns.slice(FEW);
  return (
    <div className={styles.patterns}>
      <List patterns={patterns.slice(0, FEW)} view={view} />
      {more.length > 0 && (
        <details data-printed>
          <summary>{t('logs.allPatterns', { count: more.length })}</summary>
          <List patterns={more} view={view} />
          {others > 0 && <p>{t('logs.otherPatterns', { count: others })}</p>}
        </details>
      )}
    </div>
  );
}

function List({ patterns, view }: { patterns: LogsOverviewResponse['patterns']; view: LogView }) {
  return (
    <ul>
      {patterns.map(({ pattern, count, level, last }) => (
        <li key={pattern} data-level={level}>
          <span className={styles.count}>{t('logs.times', { count: formatCount(count) })}</span>
          <span className={styles.level}>{levelWord(level)}</span>
          <a href={logHref({ ...view, pattern })}>
            <Pattern text={pattern} />
            <span className="hidden">: {t('logs.onlyThese')}</span>
          </a>
          <span className={styles.last}>{last && <ClockTime iso={last} />}</span>
        </li>
      ))}
    </ul>
  );
}

/** A pattern, its placeholders dimmed. */
function Pattern({ text }: { text: string }) {
  const parts = text.split(/(<[a-z]+>)/);
  return (
    <bdi>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a pattern stay where they are.
          <var key={index}>{part}</var>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}
