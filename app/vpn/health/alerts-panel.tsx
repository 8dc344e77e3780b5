'use client';

import { useState } from 'react';
import type { AlertsResponse, MuteResponse } from '@/lib/api/health-schemas';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { RelativeTime } from '../../_ui/relative-time';
import { useIsAdmin } from '../../_ui/role';
import { send } from '../../_ui/send';
import { AlertRows } from '../alerts/alert-rows';
import { useAction } from '../alerts/use-action';
import styles from './health.module.css';

/** Alerts open and past, the mutes in force, and where messages go. */
export function AlertsPanel({
  alerts,
  onChange,
}: {
  alerts: AlertsResponse;
  onChange: () => void;
}) {
  const { open, history, mutes } = alerts;
  const admin = useIsAdmin();
  return (
    <Panel title="Alerts" id="alerts" note={<Channels channels={alerts.channels} />}>
      {open.length === 0 ? (
        <Empty title="Nothing is wrong">
          Alerts appear here when a node goes offline, slow, lossy or onto a relay, when a key ends,
          and when collecting fails.
        </Empty>
      ) : (
        <AlertRows alerts={open} onChange={onChange} />
      )}
      {admin && <Actions mutes={mutes} channels={alerts.channels.length} onChange={onChange} />}
      {history.length > 0 && (
        <details className={styles.past}>
          <summary>Past alerts ({history.length})</summary>
          <AlertRows alerts={history} onChange={onChange} />
        </details>
      )}
    </Panel>
  );
}

function Channels({ channels }: { channels: AlertsResponse['channels'] }) {
  if (channels.length === 0) {
    return (
      <>
        shown here only: set <code>TELEGRAM_BOT_TOKEN</code> or <code>ALERT_WEBHOOK_URL</code> to be
        told
      </>
    );
  }
  const words = channels.map(({ name, waiting, last_error }) => {
    const queue = waiting > 0 ? `, ${waiting} waiting` : '';
    return `${name}${queue}${last_error ? ` (${last_error})` : ''}`;
  });
  return <bdi>told by {words.join('; ')}</bdi>;
}

/** A maintenance window, the mutes there are, and a test message. */
function Actions({
  mutes,
  channels,
  onChange,
}: {
  mutes: readonly MuteResponse[];
  channels: number;
  onChange: () => void;
}) {
  const { busy, error, run } = useAction();
  const [said, setSaid] = useState<string | null>(null);
  const act = (
    method: 'POST' | 'DELETE',
    path: string,
    body?: Record<string, string | number | null>,
  ) =>
    run(async () => {
      setSaid(null);
      await send(method, `/health-monitoring/${path}`, body);
      onChange();
    });
  const maintain = (minutes: number) =>
    act('POST', 'mutes', { topic: null, node_id: null, minutes, reason: 'maintenance' });
  const test = () =>
    run(async () => {
      setSaid(null);
      setSaid(testWords(await send('POST', '/health-monitoring/alerts/test')));
    });
  return (
    <div data-needs-js className={styles.actions} aria-busy={busy}>
      <fieldset disabled={busy}>
        <legend className="hidden">Maintenance window for everything</legend>
        <span aria-hidden="true">Maintenance</span>
        {[60, 480].map((minutes) => (
          <button
            key={minutes}
            type="button"
            className="control"
            aria-label={`No messages at all for ${minutes / 60} hours`}
            onClick={() => maintain(minutes)}
          >
            {minutes / 60} h
          </button>
        ))}
      </fieldset>
      {channels > 0 && (
        <button type="button" className="control" disabled={busy} onClick={test}>
          Send a test
        </button>
      )}
      {mutes.map((mute) => (
        <button
          key={mute.id}
          type="button"
          className="control"
          disabled={busy}
          onClick={() => act('DELETE', `mutes/${mute.id}`)}
        >
          <bdi>{mute.topic ?? 'everything'}</bdi> muted, ends <RelativeTime iso={mute.until} />: end
          now
        </button>
      ))}
      <p role="status">{error ? `That did not work: ${error}` : said}</p>
    </div>
  );
}

/** How a test went, from the answer of `alerts/test`. */
function testWords(answer: unknown): string {
  const channels =
    typeof answer === 'object' && answer !== null && 'channels' in answer ? answer.channels : [];
  if (!Array.isArray(channels)) return '';
  return channels
    .map((channel: { name: string; sent: boolean; error: string | null }) =>
      channel.sent ? `${channel.name}: sent` : `${channel.name}: not sent, ${channel.error}`,
    )
    .join('; ');
}
