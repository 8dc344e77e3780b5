import { expect, test } from 'vitest';
import { countErrors, statusClasses } from './status-classes';

test('codes are grouped, failures first, biggest code first, empty classes left out', () => {
  const classes = statusClasses({ '200': 80, '204': 5, '404': 10, '500': 5, '302': 0 });
  expect(classes.map(({ label, hits, share }) => [label, hits, share])).toEqual([
    ['5xx', 5, 0.05],
    ['4xx', 10, 0.1],
    ['2xx', 85, 0.85],
  ]);
  expect(classes[2]?.codes).toEqual([
    { code: '200', hits: 80 },
    { code: '204', hits: 5 },
  ]);
});

test('what is not a status is counted as such, not dropped', () => {
  expect(statusClasses({ unknown: 2, '999': 1 })).toMatchObject([{ label: 'No status', hits: 3 }]);
});

test('errors are 400 and above', () => {
  expect(countErrors({ '200': 80, '404': 10, '500': 5, unknown: 3 })).toBe(15);
  expect(countErrors({})).toBe(0);
});
