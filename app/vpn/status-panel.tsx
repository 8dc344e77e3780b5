'use client';

import type { UsageResponse } from '@/lib/api/schemas';
import { formatCount, formatShare } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Empty } from '../_ui/empty';
import { Panel } from '../_ui/panel';
import { statusClasses } from './status-classes';
import styles from './status-panel.module.css';
import { FilterLink } from './view-context';

/** Responses by class, failures first: a bar with its numbers beside it, and the codes. */
export function StatusPanel({ usage }: { usage: UsageResponse }) {
  const classes = statusClasses(usage.by_status);
  return (
    <Panel
      title={t('dashboard.byStatus')}
      csv={() => ({
        name: 'status',
        header: ['status', 'accesses'],
        rows: Object.entries(usage.by_status),
      })}
    >
      {classes.length === 0 && <Empty title={t('dashboard.noResponses')} />}
      <ul>
        {classes.map(({ code, label, hits, share, codes }) => (
          <li key={code} className={styles.row} data-class={code}>
            <span className={styles.label}>
              {code > 0 ? <FilterLink filter="status" value={label} /> : label}
            </span>
            <i>
              <b style={{ width: `${share * 100}%` }} />
            </i>
            <span className={styles.number}>
              {formatCount(hits)} <small>{formatShare(share)}</small>
            </span>
            <span className={styles.codes}>
              {codes.slice(0, 6).map((each) => (
                <span key={each.code}>
                  {code > 0 ? <FilterLink filter="status" value={each.code} /> : each.code}{' '}
                  <small>{formatCount(each.hits)}</small>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
