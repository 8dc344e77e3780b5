import { flux } from '@influxdata/influxdb-client';
import type { Influx } from './client';
import { documentOf } from './lines';

/** A document that is written while it is read is read again. */
const ATTEMPTS = 3;

/** Reads a collector's newest document of a key; `null` when there is none. Throws `StoreUnavailable`. */
export async function readDocument(
  influx: Influx,
  collector: string,
  key: string,
): Promise<Buffer | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const fields = await influx.rows(
      flux`from(bucket: ${influx.bucket('state')}) |> range(start: 0)
        |> filter(fn: (r) => r._measurement == "observatory_document" and r.key == ${key})
        |> filter(fn: (r) => r.collector == ${collector})
        |> keep(columns: ["_field", "_value"])`,
      (get) => [get('_field'), get('_value')] as const,
    );
    if (fields.length === 0) return null;
    const document = documentOf(new Map(fields));
    if (document) return document;
  }
  return null;
}
