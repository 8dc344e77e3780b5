'use client';

import { useState } from 'react';
import type { AlertsResponse } from '@/lib/api/health-schemas';
import { formatQuantity } from '@/lib/domain/format';
import { useClock } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { useIsAdmin } from '../../_ui/role';
import { send } from '../../_ui/send';
import { useZone } from '../../_ui/zone';
import { ActionOutcome } from '../alerts/action-outcome';
import { AlertRows } from '../alerts/alert-rows';
import { mutedName, muteLength, untilWords } from '../alerts/mute-words';
import { useAction } from '../alerts/use-action';
import styles from './health.module.css';

/** Open and past alerts, the mutes in force, and where messages go. */
export function AlertsPanel({
  alerts,
  onChange,
}: {
  alerts: AlertsResponse;
  onChange: () => void;
}) {
  const { open, history } = alerts;
  const admin = useIsAdmin();
  return (
    <Panel title="Alerts" id="alerts" note={<Channels channels={alerts.channels} />}>
      {open.length === 0 ? (
        <Empty title="Nothing is wrong">
          Alerts appear here when a device goes offline, is slow, loses packets or needs a relay,
          when a key expires, and when collecting fails.
        </Empty>
      ) : (
        <AlertRows alerts={open} onChange={onChange} />
      )}
      {admin && <Actions alerts={alerts} onChange={onChange} />}
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
        No notifications yet. Set <code>TELEGRAM_BOT_TOKEN</code> or <code>ALERT_WEBHOOK_URL</code>{' '}
        to receive them
      </>
    );
  }
  const words = channels.map(({ name, waiting, last_error }) => {
    const queue = waiting > 0 ? `, ${formatQuantity(waiting, 'message')} waiting` : '';
    return `${name}${queue}${last_error ? ` (${last_error})` : ''}`;
  });
  return <bdi>Sent to {words.join('; ')}</bdi>;
}

const SILENCES = [60, 480];

/** Silences everything, lists and ends mutes, and sends a test message. */
function Actions({ alerts, onChange }: { alerts: AlertsResponse; onChange: () => void }) {
  const action = useAction();
  const { busy, run } = action;
  const [testResult, setTestResult] = useState<string | null>(null);
  const act = (
    done: string,
    method: 'POST' | 'DELETE',
    path: string,
    body?: Record<string, string | number | null>,
  ) =>
    run(async () => {
      setTestResult(null);
      await send(method, `/health-monitoring/${path}`, body);
      onChange();
    }, done);
  const silence = (minutes: number) =>
    act(`All alerts are muted for ${muteLength(minutes)}.`, 'POST', 'mutes', {
      topic: null,
      node_id: null,
      minutes,
      reason: 'maintenance',
    });
  const test = () =>
    run(async () => {
      setTestResult(null);
      setTestResult(testWords(await send('POST', '/health-monitoring/alerts/test')));
    });
  return (
    <div data-needs-js className={styles.actions} aria-busy={busy}>
      <fieldset>
        <legend className="hidden">Silence all alerts</legend>
        <span aria-hidden="true">Silence all alerts for</span>
        {SILENCES.map((minutes) => (
          <button
            key={minutes}
            type="button"
            className="control"
            aria-label={`Silence all alerts for ${muteLength(minutes)}`}
            onClick={() => silence(minutes)}
          >
            {minutes / 60} h
          </button>
        ))}
      </fieldset>
      {alerts.channels.length > 0 && (
        <button type="button" className="control" onClick={test}>
          Send a test message
        </button>
      )}
      {alerts.mutes.length > 0 && (
        <ul className={styles.mutes}>
          {alerts.mutes.map((mute) => (
            <Muted
              key={mute.id}
              name={mutedName(mute, alerts)}
              until={mute.until}
              onUnmute={(name) => act(`${name}: unmuted.`, 'DELETE', `mutes/${mute.id}`)}
            />
          ))}
        </ul>
      )}
      <ActionOutcome action={action} />
      <p role="status">{testResult}</p>
    </div>
  );
}

function Muted({
  name,
  until,
  onUnmute,
}: {
  name: string;
  until: string;
  onUnmute: (name: string) => void;
}) {
  const zone = useZone();
  const end = useClock((now) => untilWords(until, now, zone));
  return (
    <li>
      <bdi>{name}</bdi>: muted until {end}.
      <button type="button" className="control" onClick={() => onUnmute(name)}>
        Unmute<span className="hidden">: {name}</span>
      </button>
    </li>
  );
}

/** Describes how a test went, from the answer of `alerts/test`. */
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
