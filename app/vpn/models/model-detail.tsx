'use client';

import { useState } from 'react';
import type { AlertResponse, EventResponse } from '@/lib/api/health-schemas';
import type { MetricsHistoryResponse } from '@/lib/api/model-schemas';
import type { ModelDetail as Detail } from '@/lib/api/models-page';
import { formatInstant, formatMetric } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useRenderedAt } from '../../_ui/clock';
import { Panel } from '../../_ui/panel';
import { PlotLane, TimeAxis } from '../../_ui/plot-frame';
import { rich } from '../../_ui/rich';
import { useZone } from '../../_ui/zone';
import { AlertRows } from '../alerts/alert-rows';
import lanes from '../devices/[id]/device-history.module.css';
import legend from '../devices/[id]/history-legend.module.css';
import { eventTone, eventWord } from '../events/event-groups';
import { asSeenBy } from '../view';
import { EntryTable } from './entry-table';
import { ErrorChart, MetricChart } from './model-chart';
import styles from './model-chart.module.css';
import { type Axis, axisOf, placeOf } from './model-shapes';

/** One model: its errors over time and their baseline, its alerts and the tailnet's events on the same axis. */
export function ModelDetail({
  detail,
  total,
  collector,
  onChange,
}: {
  detail: Omit<Detail, 'history'> & { history: MetricsHistoryResponse };
  /** How many reports there are, also those not shown. */
  total: number | undefined;
  collector: string | undefined;
  onChange: () => void;
}) {
  const { history, alerts, events } = detail;
  const { model_name, entries } = history;
  const axis = axisOf(entries, useRenderedAt());
  const [at, onMove] = useState<number | null>(null);
  const shared = { axis, cursor: { at, onMove } };
  const has = (metric: string) => entries.some(({ metrics }) => metrics[metric] !== undefined);
  const reports = new URLSearchParams({ model_name });
  return (
    <Panel title={model_name} id="model" note={t('models.shown', { count: entries.length })}>
      <div className={lanes.lanes}>
        <h3>{t('models.maeTitle')}</h3>
        <ErrorChart history={history} {...shared} />
        <Legend history={history} naive={has('naive_mae')} />
        {has('rmse') && (
          <>
            <h3>{t('models.rmseTitle')}</h3>
            <MetricChart entries={entries} metric="rmse" name={t('models.rmse')} {...shared} />
          </>
        )}
        {has('r2') && (
          <>
            <h3>{t('models.r2Title')}</h3>
            <MetricChart entries={entries} metric="r2" name="R²" {...shared} />
          </>
        )}
        <h3>{t('models.alertsTitle')}</h3>
        <PlotLane>
          <AlertLane alerts={alerts} axis={axis} />
        </PlotLane>
        <h3>{t('models.eventsTitle')}</h3>
        <PlotLane>
          <EventLane events={events} axis={axis} />
        </PlotLane>
        <TimeAxis axis={axis} />
      </div>
      <div className={lanes.foot}>
        {alerts.length > 0 && <AlertRows alerts={alerts.slice(0, 5)} onChange={onChange} />}
        <p className={styles.download}>
          {rich('models.download', {
            count: total ?? entries.length,
            csv: (text) => (
              <a href={asSeenBy(`/models/metrics-history.csv?${reports}`, collector)} download>
                {text}
              </a>
            ),
          })}
        </p>
        <EntryTable entries={entries} />
      </div>
    </Panel>
  );
}

function Legend({ history, naive }: { history: MetricsHistoryResponse; naive: boolean }) {
  const { baseline, factor, entries } = history;
  const last = entries.at(-1);
  const { mae, naive_mae } = last?.metrics ?? {};
  return (
    <ul className={legend.legend}>
      <li>
        <Sample color="--bar" dashes="" />
        {t('models.mae')} <b>{words(mae)}</b>
      </li>
      <li>
        <Sample color="--text-2" dashes="6 3" />
        {t('models.baseline')}{' '}
        <b>{baseline.mae === null ? t('models.needsFive') : words(baseline.mae)}</b>
      </li>
      <li>
        <Sample color="--warning" dashes="2 3" />
        {t('models.above')} <b>{baseline.mae === null ? '—' : words(baseline.mae * factor)}</b>
      </li>
      {naive && (
        <li>
          <Sample color="--text-3" dashes="9 3 2 3" />
          {t('models.naive')} <b>{words(naive_mae)}</b>
        </li>
      )}
      {entries.some(({ status }) => status === 'degraded') && (
        <li>
          <i className={styles.diamond} />
          {t('models.degraded')}
        </li>
      )}
      {entries.some(({ version }) => version !== null) && (
        <li>
          <i className={styles.rule} />
          {t('models.change')}
        </li>
      )}
    </ul>
  );
}

const words = (value: number | undefined) => (value === undefined ? '—' : formatMetric(value));

function Sample({ color, dashes }: { color: string; dashes: string }) {
  return (
    <svg className={styles.sample} viewBox="0 0 24 8" aria-hidden="true">
      <path d="M0 4h24" stroke={`var(${color})`} strokeDasharray={dashes} />
    </svg>
  );
}

function AlertLane({ alerts, axis }: { alerts: readonly AlertResponse[]; axis: Axis }) {
  const now = useRenderedAt();
  const zone = useZone();
  const label = t('models.alertLane', { count: alerts.length });
  return (
    <div className={styles.lane} role="img" aria-label={label}>
      {alerts.length === 0 && <small>{t('models.noAlerts')}</small>}
      {alerts.map(({ id, title, since, resolved_at }) => {
        const from = placeOf(Date.parse(since), axis);
        const to = placeOf(resolved_at ? Date.parse(resolved_at) : now, axis);
        return (
          <i
            key={id}
            data-tone="warning"
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
            title={t('models.alertSince', { title, time: formatInstant(Date.parse(since), zone) })}
          />
        );
      })}
    </div>
  );
}

function EventLane({ events, axis }: { events: readonly EventResponse[]; axis: Axis }) {
  const zone = useZone();
  const label = t('models.eventLane', { count: events.length });
  return (
    <div className={styles.lane} role="img" aria-label={label}>
      {events.length === 0 && <small>{t('models.noEvents')}</small>}
      {events.map((event) => (
        <i
          key={event.id}
          data-tone={eventTone(event)}
          style={{ left: `${placeOf(Date.parse(event.time), axis) * 100}%` }}
          title={t('models.event', {
            device: event.hostname ?? t('models.thisTailnet'),
            what: eventWord(event.kind),
            time: formatInstant(Date.parse(event.time), zone),
          })}
        />
      ))}
    </div>
  );
}
