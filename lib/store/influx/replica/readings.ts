import type { ParameterizedQuery } from '@influxdata/influxdb-client';
import type { Influx } from '../client';

/** A value written by a collector. */
export type Reading = { collector: string; value: string };

/** Reads the `_value` and `collector` columns of a query. Throws `StoreUnavailable`. */
export const readings = (influx: Influx, query: ParameterizedQuery): Promise<Reading[]> =>
  influx.rows(query, (get) => ({ value: get('_value'), collector: get('collector') }));
