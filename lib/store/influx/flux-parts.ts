import { flux, fluxDateTime, fluxExpression } from '@influxdata/influxdb-client';

/** Returns a time for Flux; milliseconds. */
export const instant = (ms: number) => fluxDateTime(new Date(Math.max(1, ms)).toISOString());

/** Returns a step of a pipeline that keeps rows with this tag value; no step when the value is `null`. */
export const tagged = (tag: 'collector' | 'node_id' | 'kind', value: string | null) =>
  value === null
    ? fluxExpression('')
    : flux`|> filter(fn: (r) => r.${fluxExpression(tag)} == ${value})`;
