'use client';

import type { AlertResponse, AlertsResponse } from '@/lib/api/health-schemas';
import { formatDuration } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useClock } from '../../_ui/clock';
import { Glyph, SEVERITY_SHAPES } from '../../_ui/glyph';
import { Name } from '../../_ui/name';
import { RelativeTime } from '../../_ui/relative-time';
import { rich } from '../../_ui/rich';
import { useIsAdmin } from '../../_ui/role';
import { DeviceLink } from '../device-link';
import { alertRuleHref } from '../health/rule-links';
import { logsAround } from '../logs/log-view';
import { AlertActions } from './alert-actions';
import { type AlertGroup, groupAlerts, groupTitle, isLoud } from './alert-groups';
import styles from './alert-rows.module.css';

type Handlers = {
  /** Called after an alert was acknowledged or muted. */
  onChange: () => void;
};

/** Alerts with the evidence of each rule. Firing ones stand out unless they are muted or acknowledged. */
export function AlertRows({ alerts, onChange }: { alerts: readonly AlertResponse[] } & Handlers) {
  return (
    <ul className={styles.alerts}>
      {alerts.map((alert) => (
        <Row key={alert.id} alert={alert} onChange={onChange} />
      ))}
    </ul>
  );
}

/** Open alerts; many of one kind are one row that opens. */
export function OpenAlerts({ open, onChange }: { open: AlertsResponse['open'] } & Handlers) {
  return (
    <ul className={styles.alerts}>
      {groupAlerts(open).map((group) =>
        group.alerts.length > 1 ? (
          <Group key={group.key} group={group} onChange={onChange} />
        ) : (
          <Row key={group.first.id} alert={group.first} onChange={onChange} />
        ),
      )}
    </ul>
  );
}

function Group({ group, onChange }: { group: AlertGroup } & Handlers) {
  const { severity } = group.first;
  const title = useClock((now) => groupTitle(group, now));
  return (
    <li className={styles.group} data-severity={severity} data-loud={isLoud(group.first)}>
      <details data-printed>
        <summary className={styles.groupHead} data-printed>
          <Glyph shape={SEVERITY_SHAPES[severity]} />
          <span className="hidden">{t(`alerts.${severity}`)}: </span>
          <strong className={styles.groupTitle}>{title}</strong>
        </summary>
        <AlertRows alerts={group.alerts} onChange={onChange} />
      </details>
    </li>
  );
}

function Row({ alert, onChange }: { alert: AlertResponse } & Handlers) {
  const admin = useIsAdmin();
  const { severity } = alert;
  return (
    <li className={styles.alert} data-severity={severity} data-loud={isLoud(alert)}>
      <Glyph shape={SEVERITY_SHAPES[severity]} />
      <div className={styles.body}>
        <p className={styles.title}>
          <span className="hidden">{t(`alerts.${severity}`)}: </span>
          <strong>
            <bdi>{alert.title}</bdi>
          </strong>{' '}
          <State alert={alert} />
        </p>
        <dl className={styles.evidence}>
          {alert.node_id !== null && (
            <div>
              <dt>{t('alerts.device')}</dt>
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
                <bdi>
                  <Value text={value} />
                </bdi>
              </dd>
            </div>
          ))}
          <div>
            <dt className="hidden">{t('alerts.rule')}</dt>
            <dd>
              <a href={alertRuleHref(alert.rule)}>
                {t('alerts.rule')}
                <span className="hidden">: {alert.title}</span>
              </a>
            </dd>
          </div>
          {admin && (
            <div>
              <dt className="hidden">{t('alerts.log')}</dt>
              <dd>
                <a href={logsAround(alert.fired_at ?? alert.since)}>
                  {t('alerts.logsAround')}
                  <span className="hidden">: {alert.title}</span>
                </a>
              </dd>
            </div>
          )}
        </dl>
      </div>
      {admin && alert.state !== 'resolved' && <AlertActions alert={alert} onChange={onChange} />}
    </li>
  );
}

const DATE = /\d{4}-\d{2}-\d{2}/;

/** A piece of evidence, whose date is never broken at its hyphens. */
function Value({ text }: { text: string }) {
  const date = DATE.exec(text);
  if (!date) return text;
  const [words] = date;
  return (
    <>
      {text.slice(0, date.index)}
      <span className={styles.date}>{words}</span>
      {text.slice(date.index + words.length)}
    </>
  );
}

function State({ alert }: { alert: AlertResponse }) {
  const { state, since, fired_at, resolved_at, acknowledged_at, acknowledged_by } = alert;
  const length = useClock((now) =>
    formatDuration((resolved_at ? Date.parse(resolved_at) : now) - Date.parse(since)),
  );
  const at = (iso: string) => ({ time: () => <RelativeTime iso={iso} /> });
  return (
    <span className={styles.state}>
      {state === 'pending' && t('alerts.pending', { length })}
      {state === 'firing' && t('alerts.firing', { length })}
      {state === 'resolved' &&
        resolved_at &&
        rich(fired_at ? 'alerts.resolved' : 'alerts.ended', { length, ...at(resolved_at) })}
      {state !== 'resolved' && acknowledged_at && (
        <>
          {' · '}
          {acknowledged_by
            ? rich('alerts.acknowledgedBy', { name: acknowledged_by, ...at(acknowledged_at) })
            : rich('alerts.acknowledgedState', at(acknowledged_at))}
        </>
      )}
      {state !== 'resolved' && alert.muted && ` · ${t('alerts.mutedState')}`}
    </span>
  );
}
