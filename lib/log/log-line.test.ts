import { expect, it } from 'vitest';
import { isLogLine } from './log-line';

const line = {
  ...{
    timestamp: '2026-11-28T05:00:00.000Z',
    level: 'INFO',
    logger: 'runtime',
    message: 'started',
  },
  ...{ module: 'start.ts', function: 'start', line: 12 },
};

it('a line of the service is one, with and without what is optional, and with what a later version adds', () => {
  expect(isLogLine(line)).toBe(true);
  expect(isLogLine({ ...line, user: 'a@b.c', request_id: '1', exception: 'x', data: {} })).toBe(
    true,
  );
  expect(isLogLine({ ...line, data: undefined, new_field: 1 })).toBe(true);
});

it.each([
  ...[null, 'text', 7, [], {}, [line]],
  ...Object.keys(line).map((name) => ({ ...line, [name]: undefined })),
  ...Object.keys(line).map((name) => ({ ...line, [name]: null })),
  ...['user', 'request_id', 'exception', 'data'].map((name) => ({ ...line, [name]: null })),
  ...[
    { ...line, level: 'info' },
    { ...line, line: '12' },
    { ...line, line: Number.NaN },
  ],
  ...[
    { ...line, data: 'text' },
    { ...line, data: [] },
    { ...line, user: 7 },
  ],
])('%j is no line of the service', (value) => {
  expect(isLogLine(value)).toBe(false);
});
