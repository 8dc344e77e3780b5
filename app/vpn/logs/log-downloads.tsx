'use client';

import type { LogsOverviewResponse } from '@/lib/api/logs-overview';
import { queryOf } from '@/lib/calls/call';
import { formatCount } from '@/lib/domain/format';
import { rich } from '../../_ui/rich';
import { type LogView, logParameters } from './log-view';
import styles from './logs.module.css';

/** Links to all lines that match, not only those on this page. */
export function LogDownloads({
  overview,
  view,
}: {
  overview: LogsOverviewResponse;
  view: LogView;
}) {
  const { from, to, total, complete } = overview;
  if (total === 0) return null;
  const { hours: _, ...filters } = { hours: 0, ...logParameters(view) };
  const query = queryOf({ ...filters, from, to });
  const links = {
    csv: (text: React.ReactNode) => (
      <a href={`/logs/search.csv?${query}`} download>
        {text}
      </a>
    ),
    jsonl: (text: React.ReactNode) => (
      <a href={`/logs/search.jsonl?${query}`} download>
        {text}
      </a>
    ),
  };
  return (
    <p className={styles.downloads}>
      {complete
        ? rich('logs.download', { count: total, ...links })
        : rich('logs.downloadMore', { count: formatCount(total), ...links })}
    </p>
  );
}
