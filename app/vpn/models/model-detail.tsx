'use client';

import type { AlertResponse, EventResponse } from '@/lib/api/health-schemas';
import type { MetricsHistoryResponse } from '@/lib/api/model-schemas';
import type { ModelDetail as Detail } from '@/lib/api/models-page';
import { formatInstant, formatMetric, formatQuantity } from '@/lib/domain/format';
import { useRenderedAt } from '../../_ui/clock';
import type { CsvTable } from '../../_ui/csv';
import { Panel } from '../../_ui/panel';
import { PlotLane, TimeAxis } from '../../_ui/plot-frame';
import { useZone } from '../../_ui/zone';
import { AlertRows } from '../alerts/alert-rows';
import lanes from '../devices/[id]/device-history.module.css';
import legend from '../devices/[id]/history-legend.module.css';
import { eventTone, eventWord } from '../events/event-groups';
import { EntryTable } from './entry-table';
import { ErrorChart, MetricChart } from './model-chart';
import styles from './model-chart.module.css';
import { type Axis, axisOf, placeOf } from './model-shapes';

/** One model: its errors over time and their baseline, its alerts and the tailnet's events on the same axis. */
export function ModelDetail({
  detail,
  onChange,
}: {
  detail: Omit<Detail, 'history'> & { history: MetricsHistoryResponse };
  onChange: () => void;
}) {
  const { history, alerts, events } = detail;
  const { model_name, entries } = history;
  const axis = axisOf(entries, useRenderedAt());
  const has = (metric: string) => entries.some(({ metrics }) => metrics[metric] !== undefined);
  return (
    <Panel
      title={model_name}
      id="model"
      note={`${formatQuantity(entries.length, 'report')} shown, in the unit of the forecast`}
      csv={() => entriesCsv(history)}
    >
      <div className={lanes.lanes}>
        <h3>MAE: mean absolute error</h3>
        <ErrorChart history={history} axis={axis} />
        <Legend history={history} naive={has('naive_mae')} />
        {has('rmse') && (
          <>
            <h3>RMSE: large errors weigh more</h3>
            <MetricChart entries={entries} metric="rmse" name="RMSE" axis={axis} />
          </>
        )}
        {has('r2') && (
          <>
            <h3>R²: 1 is perfect, 0 no better than the mean</h3>
            <MetricChart entries={entries} metric="r2" name="R²" axis={axis} />
          </>
        )}
        <h3>Alerts of this model</h3>
        <PlotLane>
          <AlertLane alerts={alerts} axis={axis} />
        </PlotLane>
        <h3>Events of the tailnet</h3>
        <PlotLane>
          <EventLane events={events} axis={axis} />
        </PlotLane>
        <TimeAxis axis={axis} />
      </div>
      <div className={lanes.foot}>
        {alerts.length > 0 && <AlertRows alerts={alerts.slice(0, 5)} onChange={onChange} />}
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
        MAE <b>{words(mae)}</b>
      </li>
      <li>
        <Sample color="--text-2" dashes="6 3" />
        Baseline <b>{baseline.mae === null ? 'needs five reports' : words(baseline.mae)}</b>
      </li>
      <li>
        <Sample color="--warning" dashes="2 3" />
        Degraded above <b>{baseline.mae === null ? '—' : words(baseline.mae * factor)}</b>
      </li>
      {naive && (
        <li>
          <Sample color="--text-3" dashes="9 3 2 3" />
          Naive forecast <b>{words(naive_mae)}</b>
        </li>
      )}
      {entries.some(({ status }) => status === 'degraded') && (
        <li>
          <i className={styles.diamond} />
          Degraded
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
  const label = alerts.length === 0 ? 'none' : formatQuantity(alerts.length, 'alert');
  return (
    <div className={styles.lane} role="img" aria-label={`Alerts of this model: ${label}`}>
      {alerts.length === 0 && <small>None</small>}
      {alerts.map(({ id, title, since, resolved_at }) => {
        const from = placeOf(Date.parse(since), axis);
        const to = placeOf(resolved_at ? Date.parse(resolved_at) : now, axis);
        return (
          <i
            key={id}
            data-tone="warning"
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
            title={`${title}, since ${formatInstant(Date.parse(since), zone)}`}
          />
        );
      })}
    </div>
  );
}

function EventLane({ events, axis }: { events: readonly EventResponse[]; axis: Axis }) {
  const zone = useZone();
  const label = events.length === 0 ? 'none' : formatQuantity(events.length, 'event');
  return (
    <div className={styles.lane} role="img" aria-label={`Events of the tailnet: ${label}`}>
      {events.length === 0 && <small>None</small>}
      {events.map((event) => (
        <i
          key={event.id}
          data-tone={eventTone(event)}
          style={{ left: `${placeOf(Date.parse(event.time), axis) * 100}%` }}
          title={`${event.hostname ?? 'this tailnet'} ${eventWord(event.kind)}, ${formatInstant(Date.parse(event.time), zone)}`}
        />
      ))}
    </div>
  );
}

function entriesCsv({ model_name, entries }: MetricsHistoryResponse): CsvTable {
  const others = entries.flatMap(({ metrics }) => Object.keys(metrics));
  const names = [...new Set(['mae', 'rmse', 'r2', ...others])];
  return {
    name: `model-${model_name.replace(/[^\w-]+/g, '_')}`,
    header: ['timestamp', 'version', 'trained_at', ...names, 'baseline_mae', 'ratio', 'status'],
    rows: entries.map(({ timestamp, version, trained_at, metrics, ...rest }) => [
      timestamp,
      version,
      trained_at,
      ...names.map((name) => metrics[name] ?? null),
      rest.baseline_mae,
      rest.ratio,
      rest.status,
    ]),
  };
}
