'use client';

import type { AlertResponse } from '@/lib/api/health-schemas';
import { t } from '@/lib/i18n/t';
import { ActionOutcome } from './action-outcome';
import styles from './alert-rows.module.css';
import { muteLength } from './mute-words';
import { useAlertCalls } from './use-action';

const MUTES = [
  { minutes: 60, label: '1\u00a0h' },
  { minutes: 480, label: '8\u00a0h' },
  { minutes: 1440, label: '1\u00a0d' },
];

/** Acknowledges an alert, takes that back, and mutes it; says what happened. */
export function AlertActions({
  alert: { id, topic, title, state, muted, acknowledged_at },
  onChange,
}: {
  alert: AlertResponse;
  onChange: () => void;
}) {
  const { action, act } = useAlertCalls(onChange);
  const acknowledgement = `alerts/${id}/acknowledge`;
  const mute = (minutes: number) =>
    act(t('alerts.mutedFor', { length: muteLength(minutes) }), 'POST', 'mutes', {
      topic,
      node_id: null,
      minutes,
      reason: '',
    });
  return (
    <div className={styles.actions} data-needs-js aria-busy={action.busy}>
      {state === 'firing' && acknowledged_at === null && (
        <button
          type="button"
          className="control"
          onClick={() => act(t('alerts.acknowledged'), 'POST', acknowledgement)}
        >
          {t('alerts.acknowledge')}
          <span className="hidden">: {title}</span>
        </button>
      )}
      {state === 'firing' && acknowledged_at !== null && (
        <button
          type="button"
          className="control"
          aria-label={t('alerts.undoOf', { title })}
          onClick={() => act(t('alerts.undone'), 'DELETE', acknowledgement)}
        >
          {t('alerts.undo')}
        </button>
      )}
      {!muted && (
        <fieldset className={styles.mutes}>
          <legend className="hidden">{t('alerts.muteOf', { title })}</legend>
          <span aria-hidden="true">{t('alerts.mute')}</span>
          {MUTES.map(({ minutes, label }) => (
            <button
              key={minutes}
              type="button"
              className="control"
              aria-label={t('alerts.muteFor', { length: muteLength(minutes), title })}
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
