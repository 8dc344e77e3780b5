'use client';

import type { AlertResponse } from '@/lib/api/health-schemas';
import { formatDuration } from '@/lib/domain/format';
import { useClock } from '../../_ui/clock';
import { Glyph, SEVERITY_SHAPES } from '../../_ui/glyph';
import { Name } from '../../_ui/name';
import { RelativeTime } from '../../_ui/relative-time';
import { useIsAdmin } from '../../_ui/role';
import { send } from '../../_ui/send';
import { DeviceLink } from '../device-link';
import { logsAround } from '../logs/log-view';
import { ActionOutcome } from './action-outcome';
import styles from './alert-rows.module.css';
import { muteLength } from './mute-words';
import { useAction } from './use-action';

/** Alerts with the evidence of each rule. Firing ones stand out unless they are muted or acknowledged. */
export function AlertRows({
  alerts,
  onChange,
}: {
  alerts: readonly AlertResponse[];
  /** Called after an alert was acknowledged or muted. */
  onChange: () => void;
}) {
  return (
    <ul className={styles.alerts}>
      {alerts.map((alert) => (
        <Row key={alert.id} alert={alert} onChange={onChange} />
      ))}
    </ul>
  );
}

function Row({ alert, onChange }: { alert: AlertResponse; onChange: () => void }) {
  const admin = useIsAdmin();
  const loud = alert.state === 'firing' && !alert.muted && alert.acknowledged_at === null;
  return (
    <li className={styles.alert} data-severity={alert.severity} data-loud={loud}>
      <Glyph shape={SEVERITY_SHAPES[alert.severity]} />
      <div className={styles.body}>
        <p className={styles.title}>
          <span className="hidden">{alert.severity}: </span>
          <strong>
            <bdi>{alert.title}</bdi>
          </strong>{' '}
          <State alert={alert} />
        </p>
        <dl className={styles.evidence}>
          {alert.node_id !== null && (
            <div>
              <dt>Device</dt>
              <dd>
                <DeviceLink id={alert.node_id}>
                  <Name text={alert.hostname ?? alert.node_id} />
                </DeviceLink>
              </dd>
            </div>
          )}
          {alert.evidence.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
          {admin && (
            <div>
              <dt className="hidden">Log</dt>
              <dd>
                <a href={logsAround(alert.fired_at ?? alert.since)}>
                  Logs around this time<span className="hidden">: {alert.title}</span>
                </a>
              </dd>
            </div>
          )}
        </dl>
      </div>
      {admin && alert.state !== 'resolved' && <Actions alert={alert} onChange={onChange} />}
    </li>
  );
}

function State({ alert }: { alert: AlertResponse }) {
  const { state, since, fired_at, resolved_at, acknowledged_at, acknowledged_by } = alert;
  const length = useClock((now) =>
    formatDuration((resolved_at ? Date.parse(resolved_at) : now) - Date.parse(since)),
  );
  return (
    <span className={styles.state}>
      {state === 'pending' && `Pending for ${length}: no message sent yet`}
      {state === 'firing' && `Firing for ${length}`}
      {state === 'resolved' && resolved_at && (
        <>
          {fired_at ? 'Resolved ' : 'Ended before it fired, '}
          <RelativeTime iso={resolved_at} /> after {length}
        </>
      )}
      {state !== 'resolved' && acknowledged_at && (
        <>
          {' · '}acknowledged{acknowledged_by && ` by ${acknowledged_by}`}{' '}
          <RelativeTime iso={acknowledged_at} />
        </>
      )}
      {state !== 'resolved' && alert.muted && ' · muted'}
    </span>
  );
}

const MUTES = [
  { minutes: 60, label: '1\u00a0h' },
  { minutes: 480, label: '8\u00a0h' },
  { minutes: 1440, label: '1\u00a0d' },
];

function Actions({ alert, onChange }: { alert: AlertResponse; onChange: () => void }) {
  const action = useAction();
  const { busy, run } = action;
  const act = (done: string, path: string, body?: Record<string, string | number | null>) =>
    run(async () => {
      await send('POST', `/health-monitoring/${path}`, body);
      onChange();
    }, done);
  const mute = (minutes: number) =>
    act(`Muted for ${muteLength(minutes)}.`, 'mutes', {
      topic: alert.topic,
      node_id: null,
      minutes,
      reason: '',
    });
  return (
    <div className={styles.actions} data-needs-js aria-busy={busy}>
      {alert.state === 'firing' && alert.acknowledged_at === null && (
        <button
          type="button"
          className="control"
          onClick={() => act('Acknowledged.', `alerts/${alert.id}/acknowledge`)}
        >
          Acknowledge<span className="hidden">: {alert.title}</span>
        </button>
      )}
      {!alert.muted && (
        <fieldset className={styles.mutes}>
          <legend className="hidden">Mute {alert.title}</legend>
          <span aria-hidden="true">Mute for</span>
          {MUTES.map(({ minutes, label }) => (
            <button
              key={minutes}
              type="button"
              className="control"
              aria-label={`Mute for ${muteLength(minutes)}: ${alert.title}`}
              onClick={() => mute(minutes)}
            >
              {label}
            </button>
          ))}
        </fieldset>
      )}
      <ActionOutcome action={action} className={styles.outcome} />
    </div>
  );
}
