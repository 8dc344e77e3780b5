'use client';

import { useState } from 'react';
import type { ConnectionStatsResponse } from '@/lib/api/health-schemas';
import { pingCall } from '@/lib/calls/page-calls';
import { formatCount, formatLatency } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { PathState } from '../../../_ui/path-state';
import { ask } from '../../../_ui/polling';
import { rich } from '../../../_ui/rich';
import { useAction } from '../../alerts/use-action';
import { asPath } from '../../events/event-groups';
import { useCollector } from '../../use-collector';
import styles from './ping-now.module.css';

/** Sends five pings at once and shows the result. */
export function PingNow({ id }: { id: string }) {
  const collector = useCollector();
  const { busy, error, run } = useAction();
  const [answer, setAnswer] = useState<ConnectionStatsResponse | null>(null);
  const ping = () =>
    run(async () => {
      setAnswer(null);
      setAnswer(await ask(pingCall(id, collector)));
    });
  return (
    <div className={styles.ping} data-needs-js>
      <button type="button" className="control" aria-disabled={busy} onClick={ping}>
        {busy ? t('device.pinging') : t('device.ping')}
      </button>
      <p role="status" data-failed={error !== null}>
        {error ?? (answer && <Answer answer={answer} />)}
      </p>
    </div>
  );
}

function Answer({ answer: { connection_stats, ping_stats } }: { answer: ConnectionStatsResponse }) {
  const { count, sent, min, avg, max, jitter } = ping_stats;
  const { relay_node: region, endpoint } = connection_stats;
  const path = asPath(connection_stats.connection_type);
  if (count === 0) return t('device.noPong', { count: sent });
  return rich('device.pongs', {
    path: () => path && <PathState path={path} />,
    relay: region === 'none' ? '' : t('device.pongRelay', { region }),
    endpoint: endpoint ? t('device.pongEndpoint', { endpoint }) : '',
    count: formatCount(count),
    sent: formatCount(sent),
    avg: formatLatency(avg),
    min: formatLatency(min),
    max: formatLatency(max),
    jitter: formatLatency(jitter),
  });
}
