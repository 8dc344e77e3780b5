import type { Field } from './layout';

type Meaning = { field: Field | null; values: RegExp | null };

const TOKEN = /[^\s"]*/y;
/** `a, b` after a retry, `a : b` after a hand-over: the blanks belong to the value. */
const LIST = /[^\s",]*(?:(?:, | : )[^\s",]+)*/y;
const HOST = /[^\s"/]*/y;

/** The syntax of values, and the fields they fill, for variables that both programs have under different names. */
export const MEANINGS = {
  address: { field: 'ip', values: /[^\s"]*/y },
  clfTime: { field: 'time', values: /\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+ [+-]\d{4}/y },
  time: { field: 'time', values: /[\dTZ:.,+-]*/y },
  request: { field: 'request', values: null },
  method: { field: 'method', values: /[A-Z0-9_-]*/y },
  target: { field: 'target', values: null },
  rewritten: { field: 'rewritten', values: null },
  status: { field: 'status', values: /[\d-]*/y },
  bytes: { field: 'bytes', values: /[\d-]*/y },
  seconds: { field: 'seconds', values: /[\d.-]*/y },
  milliseconds: { field: 'milliseconds', values: /[\d.-]*/y },
  microseconds: { field: 'microseconds', values: /[\d.-]*/y },
  agent: { field: 'agent', values: null },
  host: { field: 'host', values: HOST },
  contentType: { field: 'contentType', values: null },
  token: { field: null, values: TOKEN },
  list: { field: null, values: LIST },
  free: { field: null, values: null },
} as const satisfies Record<string, Meaning>;

export type MeaningName = keyof typeof MEANINGS;
