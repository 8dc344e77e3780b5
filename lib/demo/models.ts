import type { ModelReport } from '../domain/model';
import { chance } from '../tailscale/demo-behaviour';
import { DAY, HOUR } from '../util/time';

type DemoModel = {
  name: string;
  version: string;
  horizon: string;
  window: string;
  /** Its usual mean absolute error. */
  mae: number;
  /** Days since its last report, and how many of them were worse than usual. */
  silentDays: number;
  worseDays: number;
};

const MODELS: readonly DemoModel[] = [
  {
    ...{ name: 'latency_forecast', version: '1', horizon: '1 day', window: '14 days' },
    ...{ mae: 1.9, silentDays: 0, worseDays: 0 },
  },
  {
    ...{ name: 'requests/prophet', version: '2.3', horizon: '24 h', window: '60 days' },
    ...{ mae: 4.1, silentDays: 0, worseDays: 3 },
  },
  {
    ...{ name: 'disk-usage/arima', version: '1.1', horizon: '7 days', window: '90 days' },
    ...{ mae: 0.8, silentDays: 9, worseDays: 0 },
  },
];

/** Returns the daily reports of the demo's three models: one is well, one has become worse, one is silent. */
export function modelReports(from: number, to: number): ModelReport[] {
  const today = Math.floor(to / DAY) * DAY;
  return MODELS.flatMap((model) => {
    const last = today - model.silentDays * DAY;
    const reports: ModelReport[] = [];
    for (let day = Math.ceil(from / DAY) * DAY; day <= last; day += DAY) {
      const isWorse = day > last - model.worseDays * DAY;
      reports.push(reportOf(model, day, isWorse ? 2.6 : 1));
    }
    return reports;
  });
}

function reportOf({ name, version, horizon, window, mae }: DemoModel, day: number, factor: number) {
  const noise = 0.75 + 0.5 * chance(`${name} error`, day / DAY);
  const error = mae * noise * factor;
  const isOurs = name === 'latency_forecast';
  return {
    ...{ model: name, version, horizon, window },
    time: day,
    trainedAt: isOurs ? day - DAY : day - HOUR,
    metrics: {
      mae: error,
      rmse: error * (1.3 + 0.2 * chance(`${name} spread`, day / DAY)),
      ...(isOurs ? { naive_mae: error * 1.35, coverage: 0.93 } : { mape: error / 40 }),
    },
  };
}
