'use client';

import type { AuditResponse } from '@/lib/api/audit';
import { t, translate } from '@/lib/i18n/t';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { ListedTime } from '../../_ui/relative-time';
import { rich } from '../../_ui/rich';
import accesses from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import styles from './audit.module.css';

/** One page of the audit, rendered at `now`. */
export function AuditScreen({
  now,
  page,
  isFirst,
}: {
  now: number;
  page: AuditResponse;
  isFirst: boolean;
}) {
  const { entries, next_cursor } = page;
  return (
    <ClockProvider now={now}>
      <main id="main" className={frame.page}>
        <h1 className={accesses.title}>{t('audit.title')}</h1>
        <Panel
          title={t('audit.changes')}
          note={t('audit.newestFirst')}
          csv={entries.length > 0 ? () => auditCsv(entries) : undefined}
        >
          {entries.length === 0 ? (
            <Empty title={t('audit.none')}>{t('audit.listed')}</Empty>
          ) : (
            <Rows entries={entries} />
          )}
          <nav className={accesses.pages} aria-label={t('audit.more')}>
            {!isFirst && (
              <a className="control" href="/vpn/audit">
                {t('audit.newest')}
              </a>
            )}
            {next_cursor && (
              <a className="control" href={`/vpn/audit?cursor=${next_cursor}`} rel="next">
                {t('audit.older')}
              </a>
            )}
          </nav>
        </Panel>
      </main>
    </ClockProvider>
  );
}

function Rows({ entries }: { entries: AuditResponse['entries'] }) {
  return (
    <div className={styles.container}>
      <table className={`grid-table ${styles.audit}`}>
        <caption className="hidden">{t('audit.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('audit.when')}</th>
            <th scope="col">{t('audit.who')}</th>
            <th scope="col">{t('audit.action')}</th>
            <th scope="col">{t('audit.target')}</th>
            <th scope="col">
              <span className="hidden">{t('audit.log')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, time, actor, action, target, request_id }) => (
            <tr key={id}>
              <td>
                <ListedTime iso={time} />
              </td>
              <td>
                <bdi>{actor === 'operator' ? t('audit.operator') : actor}</bdi>
              </td>
              <td>{actionWord(action)}</td>
              <td>
                <bdi>{target}</bdi>
              </td>
              <td>
                <a
                  href={`/vpn/logs?level=DEBUG&hours=720&request_id=${encodeURIComponent(request_id)}`}
                >
                  {rich('audit.itsLog', {
                    action: actionWord(action),
                    target,
                    hidden: (text) => <span className="hidden">{text}</span>,
                  })}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Returns the word for an action; another version's is shown as it is. */
const actionWord = (action: string) => translate(`audit.${action}`) ?? action;

function auditCsv(entries: AuditResponse['entries']) {
  return {
    name: 'audit',
    header: ['time', 'actor', 'action', 'target', 'request_id'],
    rows: entries.map(({ time, actor, action, target, request_id }) => [
      time,
      actor,
      action,
      target,
      request_id,
    ]),
  };
}
