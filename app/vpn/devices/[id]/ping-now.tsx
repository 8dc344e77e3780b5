'use client';

import { useState } from 'react';
import type { ConnectionStatsResponse } from '@/lib/api/health-schemas';
import { pingCall } from '@/lib/calls/page-calls';
import { formatLatency, formatQuantity } from '@/lib/domain/format';
import { PathState } from '../../../_ui/path-state';
import { ask } from '../../../_ui/polling';
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
        {busy ? 'Pinging…' : 'Ping now'}
      </button>
      <p role="status" data-failed={error !== null}>
        {error ?? (answer && <Answer answer={answer} />)}
      </p>
    </div>
  );
}

function Answer({ answer: { connection_stats, ping_stats } }: { answer: ConnectionStatsResponse }) {
  const { count, sent, min, avg, max, jitter } = ping_stats;
  const path = asPath(connection_stats.connection_type);
  if (count === 0) return `None of ${formatQuantity(sent, 'ping')} was answered.`;
  return (
    <>
      {path && <PathState path={path} />}
      {connection_stats.relay_node !== 'none' && ` by DERP ${connection_stats.relay_node}`}
      {connection_stats.endpoint && ` at ${connection_stats.endpoint}`}: {count} of {sent} answered
      in {formatLatency(avg)} on average ({formatLatency(min)} to {formatLatency(max)}), jitter{' '}
      {formatLatency(jitter)}.
    </>
  );
}
