import { flux, fluxDateTime, fluxExpression } from '@influxdata/influxdb-client';

/** A time; milliseconds. */
export const instant = (ms: number) => fluxDateTime(new Date(Math.max(1, ms)).toISOString());

/** A step of a pipeline that keeps what has this value in a tag; no step when the value is `null`. */
export const tagged = (tag: 'collector' | 'node_id' | 'kind', value: string | null) =>
  value === null
    ? fluxExpression('')
    : flux`|> filter(fn: (r) => r.${fluxExpression(tag)} == ${value})`;
