import { requireRole } from '../identity/current';
import { currentServices } from '../services';
import { CSV_TYPE, fileResponse } from './download';
import { problemResponse } from './errors';
import { historyQuery, type MetricsHistoryResponse } from './model-schemas';
import { metricNames, metricsHistoryRows } from './models';
import { collectorParameter, parseQuery } from './query';
import { routes } from './routes';

const query = historyQuery
  .omit({ limit: true, cursor: true })
  .extend({ collector: collectorParameter });

/** The call that answers with all reports of a model as a file; described in `/openapi.json`. */
export const modelExports = {
  '/models/metrics-history.csv': {
    summary: 'All reports of a model, each beside its baseline, newest first, as CSV',
    query,
    type: CSV_TYPE,
  },
};

/** Reports that are in memory at a time, per download. */
const PAGE = 1_000;

/** Serves all reports of a model: those of a collector, wherever they are asked for. */
export async function exportModel(request: Request): Promise<Response> {
  try {
    requireRole('viewer');
    const asked = parseQuery(query, new URL(request.url).searchParams);
    const first = await pageOf(asked, null);
    const name = `model-${asked.model_name.replace(/[^\w-]+/g, '_')}.csv`;
    const parts = rowsOf(asked, first);
    return fileResponse(parts, { name, type: CSV_TYPE, signal: request.signal });
  } catch (error) {
    return problemResponse(error);
  }
}

type Asked = { model_name: string; collector?: string };

async function* rowsOf(asked: Asked, first: MetricsHistoryResponse): AsyncGenerator<string> {
  // The columns stand in the first line, so all pages are read for their names before.
  const names = new Set<string>();
  for await (const page of pagesFrom(asked, first)) {
    for (const name of metricNames(page.entries)) names.add(name);
  }
  let isFirst = true;
  for await (const page of pagesFrom(asked, first)) {
    const newestFirst = { ...page, entries: page.entries.toReversed() };
    const [head = '', ...rows] = metricsHistoryRows(newestFirst, [...names]);
    yield (isFirst ? [head, ...rows] : rows).join('');
    isFirst = false;
  }
}

async function* pagesFrom(
  asked: Asked,
  first: MetricsHistoryResponse,
): AsyncGenerator<MetricsHistoryResponse> {
  yield first;
  for (let cursor = first.next_cursor; cursor !== null; ) {
    const page = await pageOf(asked, cursor);
    yield page;
    cursor = page.next_cursor;
  }
}

/** Returns a page of reports as `/models/metrics-history` does, which knows how to ask a collector. */
function pageOf(asked: Asked, cursor: string | null): Promise<MetricsHistoryResponse> {
  const url = new URL('/models/metrics-history', 'http://localhost');
  const parameters = { ...asked, limit: String(PAGE), cursor };
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.set(name, value);
  }
  return routes['/models/metrics-history'].answer(currentServices(), url, {});
}
