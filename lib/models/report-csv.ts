import { AppError, saidOf } from '../domain/errors';
import {
  METRIC_NAME,
  MODEL_NAME,
  MOST_METRICS,
  type ModelMetrics,
  type ModelReport,
} from '../domain/model';
import { type Said, say } from '../domain/said';
import { csvRow } from '../util/csv';

/** The columns of `metrics_history.csv`; metrics other than the usual three are JSON in the last one. */
const COLUMNS = [
  'timestamp',
  'model_name',
  'version',
  'trained_at',
  'horizon',
  'window',
  'mae',
  'rmse',
  'r2',
  'other_metrics',
] as const;
export const CSV_HEADER = csvRow(COLUMNS);

/** Returns a report as a row of `metrics_history.csv`. */
export function reportRow(report: ModelReport): string {
  const { mae, rmse, r2, ...others } = report.metrics;
  const more = Object.keys(others).length > 0 ? JSON.stringify(others) : null;
  return csvRow([
    iso(report.time),
    report.model,
    report.version,
    report.trainedAt === null ? null : iso(report.trainedAt),
    report.horizon,
    report.window,
    mae,
    rmse ?? null,
    r2 ?? null,
    more,
  ]);
}

const iso = (time: number) => new Date(time).toISOString();

/** What is wrong with a line, continuing its number: `has no valid mae`. */
export type CsvFault = { line: number; message: Said };

export type ReadCsv = {
  reports: ModelReport[];
  faults: CsvFault[];
  /** Whether the columns are those of `metrics_history.csv`, and the last line is complete. */
  isOurs: boolean;
};

/**
 * Reads a CSV of reports: this service's own, or another with at least the columns `timestamp` and `mae`, and
 * `model_name` unless `model` is given. Other numeric columns are metrics. A time without a zone is taken as UTC, as
 * pandas writes it. Each unreadable row is a fault with its line; the rest is still read.
 */
export function readReports(text: string, model?: string): ReadCsv {
  const { rows, openQuote, endsWhole } = csvRows(text);
  const faults: CsvFault[] = [];
  // What follows an open quote cannot be known.
  if (openQuote !== null) {
    faults.push({ line: openQuote, message: say('csvFaults.openQuote') });
    rows.pop();
  }
  const [head, ...body] = rows;
  const names = head?.fields.map((name) => name.replace(/^\ufeff/, '').trim()) ?? [];
  const needed = ['timestamp', 'mae', ...(model === undefined ? ['model_name'] : [])];
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    faults.push({ line: 1, message: say('csvFaults.noColumn', { names: missing.join(', ') }) });
    return { reports: [], faults, isOurs: false };
  }
  const reports = body.flatMap(({ fields, line }) => {
    try {
      if (fields.length !== names.length) {
        throw fault(say('csvFaults.fields', { fields: fields.length, columns: names.length }));
      }
      return [toReport(new Map(names.map((name, i) => [name, fields[i] ?? ''])), model)];
    } catch (error) {
      faults.push({ line, message: saidOf(error) });
      return [];
    }
  });
  return { reports, faults, isOurs: csvRow(names) === CSV_HEADER && endsWhole };
}

const fault = (message: Said) => new AppError('invalid', message);

const TEXTS = ['timestamp', 'model_name', 'version', 'trained_at', 'horizon', 'window'];

function toReport(row: ReadonlyMap<string, string>, model: string | undefined): ModelReport {
  const text = (name: string) => row.get(name)?.trim() || null;
  const name = model ?? text('model_name') ?? '';
  if (!MODEL_NAME.test(name)) {
    throw fault(say('csvFaults.noModel', { name: JSON.stringify(name) }));
  }
  const trained = text('trained_at');
  return {
    model: name,
    time: timeOf(text('timestamp') ?? ''),
    version: text('version'),
    trainedAt: trained === null ? null : timeOf(trained),
    horizon: text('horizon'),
    window: text('window'),
    metrics: metricsOf(row),
  };
}

function metricsOf(row: ReadonlyMap<string, string>): ModelMetrics {
  const numbers: [string, number][] = [];
  for (const [name, value] of row) {
    if (TEXTS.includes(name) || name === 'other_metrics' || value.trim() === '') continue;
    if (METRIC_NAME.test(name)) numbers.push([name, Number(value)]);
  }
  for (const [name, value] of Object.entries(otherMetrics(row.get('other_metrics'))))
    numbers.push([name, Number(value)]);
  const finite = numbers.filter(([, value]) => Number.isFinite(value)).slice(0, MOST_METRICS);
  const { mae, ...others } = Object.fromEntries(finite);
  if (mae === undefined || mae < 0) throw fault(say('csvFaults.noMae'));
  return { mae, ...others };
}

function otherMetrics(json: string | undefined): object {
  try {
    const given: unknown = JSON.parse(json || '{}');
    return Object(given);
  } catch {
    throw fault(say('csvFaults.noJson'));
  }
}

function timeOf(text: string): number {
  const [, date, clock = '00:00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(text) ??
    [];
  const time = Date.parse(`${date}T${clock}${zone}`);
  if (Number.isNaN(time)) throw fault(say('csvFaults.noTime', { text: JSON.stringify(text) }));
  return time;
}

type CsvLine = { line: number; fields: string[] };

/**
 * Returns rows of RFC 4180 text, bare line feeds allowed, without empty lines. `openQuote`: the line of an unclosed
 * quote.
 */
function csvRows(text: string): { rows: CsvLine[]; openQuote: number | null; endsWhole: boolean } {
  const rows: CsvLine[] = [];
  let row: CsvLine = { line: 1, fields: [] };
  let line = 1;
  let quoteLine: number | null = null;
  const token = /"((?:[^"]+|"")*)("?)|([^,\r\n"][^,\r\n]*)|(,)|(\r?\n|\r)/gy;
  let value = '';
  let afterComma = false;
  const endField = () => {
    row.fields.push(value);
    value = '';
  };
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [, quoted, close, plain, comma, end] = match;
    if (quoted !== undefined) {
      if (close === '') quoteLine = line;
      line += quoted.split('\n').length - 1;
      value += quoted.replaceAll('""', '"');
      afterComma = false;
    } else if (plain !== undefined) {
      value += plain;
      afterComma = false;
    } else if (comma) {
      endField();
      afterComma = true;
    } else if (end) {
      const isEmpty = row.fields.length === 0 && value === '' && !afterComma;
      endField();
      if (!isEmpty) rows.push(row);
      line++;
      row = { line, fields: [] };
      afterComma = false;
    }
  }
  const endsWhole = row.fields.length === 0 && value === '';
  if (!endsWhole) {
    endField();
    rows.push(row);
  }
  return { rows, openQuote: quoteLine, endsWhole };
}
