'use client';

import { useState } from 'react';
import type { LogsResponse } from '@/lib/api/logs';
import type { LogsOverviewResponse } from '@/lib/api/logs-overview';
import type { Loaded } from '@/lib/calls/call';
import { formatBytes, formatClock } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { SECOND } from '@/lib/util/time';
import { ClockProvider } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { usePolling } from '../../_ui/polling';
import { rich } from '../../_ui/rich';
import { useZone } from '../../_ui/zone';
import accesses from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import { useLiveTail } from './live-tail';
import { LogDownloads } from './log-downloads';
import { LogFilters } from './log-filters';
import { LogHistogram } from './log-histogram';
import { LogPatterns } from './log-patterns';
import { LogRows } from './log-rows';
import { type LogView, logHref } from './log-view';
import styles from './logs.module.css';
import { TimeForm } from './time-form';

/** While lines are followed, they are counted again this often. */
const COUNTED_EVERY_MS = 30 * SECOND;

type Props = {
  page: LogsResponse;
  /** `null` on the pages after the first. */
  overview: Loaded<LogsOverviewResponse> | null;
  view: LogView;
};

/** One page of the log, rendered at `now`, with new lines on top while it is followed. */
export function LogScreen({ now, ...props }: Props & { now: number }) {
  return (
    <ClockProvider now={now}>
      <main id="main" className={frame.page}>
        <h1 className={accesses.title}>{t('logs.title')}</h1>
        <p className={styles.lead}>
          {rich('logs.lead', { audit: (text) => <a href="/vpn/audit">{text}</a> })}
        </p>
        <LogFilters view={props.view} />
        <Sections {...props} />
      </main>
    </ClockProvider>
  );
}

function Sections({ page, overview: counted, view }: Props) {
  const [live, setLive] = useState(false);
  const isFirst = counted !== null;
  const canFollow = isFirst && view.to === null;
  const { entries, error } = useLiveTail(page.entries, view, live && canFollow);
  const { data: overview } = usePolling(counted, live && canFollow ? COUNTED_EVERY_MS : 0);
  const href = logHref(view);
  return (
    <div className={frame.sections}>
      {overview && overview.total > 0 && <Overview overview={overview} view={view} />}
      <Panel title={t(isFirst ? 'logs.newestFirst' : 'logs.older')} note={<Searched page={page} />}>
        {canFollow && (
          <div className={styles.live} data-needs-js>
            <button
              type="button"
              className="control"
              aria-pressed={live}
              onClick={() => setLive(!live)}
            >
              <i aria-hidden="true" />
              {t(live ? 'logs.following' : 'logs.follow')}
            </button>
            <p role="status">
              {error && t('logs.notLoaded', { reason: error })}
              {live && !error && t('logs.appear')}
            </p>
          </div>
        )}
        {entries.length === 0 ? (
          <Empty title={t('logs.noMatch')}>
            {rich(view.level === 'INFO' && !view.text ? 'logs.nothing' : 'logs.tryOther', {
              link: (text) => <a href="/vpn/logs">{text}</a>,
            })}
          </Empty>
        ) : (
          <LogRows entries={entries} view={view} />
        )}
        {overview && <LogDownloads overview={overview} view={view} />}
        <nav className={accesses.pages} aria-label={t('logs.more')}>
          {!isFirst && (
            <a className="control" href={href}>
              {t('logs.newest')}
            </a>
          )}
          {page.next_cursor && (
            <a className="control" href={`${href}&cursor=${page.next_cursor}`} rel="next">
              {t('logs.older')}
            </a>
          )}
        </nav>
      </Panel>
    </div>
  );
}

function Overview({ overview, view }: { overview: LogsOverviewResponse; view: LogView }) {
  return (
    <div className={view.pattern === '' ? frame.pair : undefined}>
      <Panel title={t('logs.overTime')} note={<Counted overview={overview} />}>
        <LogHistogram overview={overview} view={view} />
        <p className={styles.hint} data-needs-js>
          {t('logs.dragHint')}
        </p>
        <TimeForm view={view} from={overview.from} to={overview.to} />
      </Panel>
      {view.pattern === '' && (
        <Panel title={t('logs.patterns')} note={t('logs.patternsNote')}>
          <LogPatterns overview={overview} view={view} />
        </Panel>
      )}
    </div>
  );
}

function Counted({ overview }: { overview: LogsOverviewResponse }) {
  const { total, complete, oldest, from, scanned_bytes } = overview;
  const zone = useZone();
  const lines = t('logs.lines', { count: total });
  if (complete) return lines;
  const time = formatClock(Date.parse(oldest ?? from), zone);
  return t('logs.linesPart', { lines, time, size: formatBytes(scanned_bytes) });
}

function Searched({ page: { scanned_bytes, complete } }: { page: LogsResponse }) {
  return t(complete ? 'logs.searched' : 'logs.searchedPart', { size: formatBytes(scanned_bytes) });
}
