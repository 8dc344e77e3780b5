import { expect, test } from 'vitest';
import { COARSE_LATENCY_ERROR, LATENCY_ERROR, LONGEST_LATENCY } from '../../lib/domain/latency';
import { approximateMeaning, formatQuantile, quantileMeaning } from './quantile';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('a quantile within 2 % is said as it is, a less exact one with a ≈', () => {
  expect(plain(formatQuantile(120, LATENCY_ERROR))).toBe('120 ms');
  expect(plain(formatQuantile(120, COARSE_LATENCY_ERROR))).toBe('≈ 120 ms');
  expect(formatQuantile(null, COARSE_LATENCY_ERROR)).toBe('—');
});

test('the longest that is counted is said to be a lower bound', () => {
  expect(plain(formatQuantile(LONGEST_LATENCY, LATENCY_ERROR))).toBe('≥ 5.73 min');
  expect(plain(formatQuantile(LONGEST_LATENCY - 1, LATENCY_ERROR))).toBe('5.73 min');
});

test('the ≈ is explained, and only where there is one', () => {
  expect(quantileMeaning('Median.', LATENCY_ERROR)).toBe('Median.');
  expect(quantileMeaning('Median.', COARSE_LATENCY_ERROR)).toContain('≈ Within 13 %');
  expect(approximateMeaning(COARSE_LATENCY_ERROR)).toContain('earlier version');
});
