import { expect, test } from 'vitest';
import { toCsv } from './csv';

const csv = (...row: (string | number | null)[]) =>
  toCsv({ name: 'x', header: ['a'], rows: [row] });

test('is RFC 4180: CRLF, quotes doubled, fields with commas, quotes and breaks quoted', () => {
  expect(csv('plain', 'a,b', 'say "hi"', 'two\nlines', 12, null)).toBe(
    'a\r\nplain,"a,b","say ""hi""","two\nlines",12,\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
  'a hostile name is never a formula: %j',
  (text) => {
    expect(csv(text).slice(3).replace('"', '')).toMatch(/^'/);
  },
);

test('a negative number stays a number', () => {
  expect(csv(-5)).toBe('a\r\n-5\r\n');
});
