'use client';

import { useState } from 'react';
import type { AlertsResponse } from '@/lib/api/health-schemas';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useClock } from '../../_ui/clock';
import { Empty } from '../../_ui/empty';
import { Panel } from '../../_ui/panel';
import { rich } from '../../_ui/rich';
import { useIsAdmin } from '../../_ui/role';
import { send } from '../../_ui/send';
import { useZone } from '../../_ui/zone';
import { ActionOutcome } from '../alerts/action-outcome';
import { AlertRows, OpenAlerts } from '../alerts/alert-rows';
import { mutedName, muteLength, untilWords } from '../alerts/mute-words';
import { testWords } from '../alerts/outcome-words';
import { useAlertCalls } from '../alerts/use-action';
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
    <Panel title={t('alerts.title')} id="alerts" note={<Channels channels={alerts.channels} />}>
      {open.length === 0 ? (
        <Empty title={t('alerts.none')}>{t('alerts.noneText')}</Empty>
      ) : (
        <OpenAlerts open={open} onChange={onChange} />
      )}
      {admin && <Actions alerts={alerts} onChange={onChange} />}
      {history.length > 0 && (
        <details className={styles.past}>
          <summary>{t('alerts.past', { count: formatCount(history.length) })}</summary>
          <AlertRows alerts={history} onChange={onChange} />
        </details>
      )}
    </Panel>
  );
}

function Channels({ channels }: { channels: AlertsResponse['channels'] }) {
  if (channels.length === 0) {
    return rich('alerts.noChannels', {
      telegram: () => <code>TELEGRAM_BOT_TOKEN</code>,
      ntfy: () => <code>NTFY_URL</code>,
    });
  }
  const words = channels.map(({ name, waiting, last_error }) => {
    const words = waiting > 0 ? t('alerts.waiting', { name, count: waiting }) : name;
    return `${words}${last_error ? ` (${last_error})` : ''}`;
  });
  return <bdi>{t('alerts.sentTo', { channels: words.join('; ') })}</bdi>;
}

const SILENCES = [60, 480];

/** Silences everything, lists and ends mutes, and sends a test message. */
function Actions({ alerts, onChange }: { alerts: AlertsResponse; onChange: () => void }) {
  const [testResult, setTestResult] = useState<string | null>(null);
  const { action, act } = useAlertCalls(onChange, () => setTestResult(null));
  const silence = (minutes: number) =>
    act(t('alerts.silenced', { length: muteLength(minutes) }), 'POST', 'mutes', {
      topic: null,
      node_id: null,
      minutes,
      reason: 'maintenance',
    });
  const test = () =>
    action.run(async () => {
      setTestResult(null);
      setTestResult(testWords(await send('POST', '/health-monitoring/alerts/test')));
    });
  return (
    <div data-needs-js className={styles.actions} aria-busy={action.busy}>
      <fieldset>
        <legend className="hidden">{t('alerts.silence')}</legend>
        <span aria-hidden="true">{t('alerts.silenceFor')}</span>
        {SILENCES.map((minutes) => (
          <button
            key={minutes}
            type="button"
            className="control"
            aria-label={t('alerts.silenceForLength', { length: muteLength(minutes) })}
            onClick={() => silence(minutes)}
          >
            {`${minutes / 60}\u00a0h`}
          </button>
        ))}
      </fieldset>
      {alerts.channels.length > 0 && (
        <button type="button" className="control" onClick={test}>
          {t('alerts.test')}
        </button>
      )}
      <a className="control" href="/vpn/settings">
        {t('alerts.settings')}
      </a>
      {alerts.mutes.length > 0 && (
        <ul className={styles.mutes}>
          {alerts.mutes.map((mute) => (
            <Muted
              key={mute.id}
              name={mutedName(mute, alerts)}
              until={mute.until}
              onUnmute={(name) => act(t('alerts.unmuted', { name }), 'DELETE', `mutes/${mute.id}`)}
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
      <span>{rich('alerts.mutedLine', { end, name: () => <bdi>{name}</bdi> })}</span>
      <button type="button" className="control" onClick={() => onUnmute(name)}>
        {t('alerts.unmute')}
        <span className="hidden">: {name}</span>
      </button>
    </li>
  );
}
