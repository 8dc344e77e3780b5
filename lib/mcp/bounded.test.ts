import { describe, expect, it } from 'vitest';
import { inLanguage } from '../i18n/on-server';
import { bounded, MOST_BYTES, MOST_ROWS } from './bounded';

const NARROW = ['hours', 'limit'];
const rows = (count: number, bytes = 0) =>
  Array.from({ length: count }, (_, n) => ({ n, text: 'x'.repeat(bytes) }));

describe('an answer', () => {
  it('that is short is whole, and has no note', () => {
    const answer = { devices: rows(MOST_ROWS), total: MOST_ROWS };
    expect(bounded(answer, NARROW)).toEqual({ text: JSON.stringify(answer), note: null });
  });

  it('with a long list has its first entries, says how many there are, and how to ask for less', () => {
    const { text, note } = bounded({ devices: rows(2_004), total: 2_004 }, NARROW);
    expect(JSON.parse(text)).toEqual({ devices: rows(MOST_ROWS), total: 2_004 });
    expect(note).toBe(
      'Of devices, only the first 200 of 2,004 are here. Ask for less with: hours, limit.',
    );
  });

  it('of a series has its last entries: the newest', () => {
    const points = Array.from({ length: 500 }, (_, n) => ({
      timestamp: new Date(n * 60_000).toISOString(),
    }));
    const numbers = { nodes: [{ latency_ms: Array.from({ length: 500 }, (_, n) => n) }] };
    const { text, note } = bounded({ points, numbers }, []);
    expect(JSON.parse(text).points).toEqual(points.slice(-MOST_ROWS));
    expect(JSON.parse(text).numbers.nodes[0].latency_ms.at(-1)).toBe(499);
    expect(note).toBe(
      'Of points, only the last 200 of 500 are here. Of numbers.nodes[].latency_ms, only the last 200 of 500 are here. This call has no parameter that narrows it.',
    );
  });

  it.each([
    ['few large entries', { hits: rows(150, 2_000) }],
    ['large entries of many bytes a letter', { hits: [{ text: '€'.repeat(MOST_BYTES / 4) }] }],
    ['lists in lists', { a: rows(100).map(() => ({ b: rows(100).map(() => ({ c: rows(9) })) })) }],
  ])('never has more bytes than a model reads: %s', (_, answer) => {
    const { text, note } = bounded(answer, NARROW);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
    if (note !== null) expect(note).toContain('hours, limit');
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it('that no cutting makes short enough is not given, and its size is', () => {
    const { text, note } = bounded({ story: 'x'.repeat(3 * MOST_BYTES) }, NARROW);
    expect(text).toBe('{}');
    expect(note).toMatch(/^The answer is too long to be given: 120.kB\. Ask for less/);
  });

  it('has its note in the language of who asks', () => {
    const { note } = inLanguage('es', () => bounded({ a: rows(1_000) }, NARROW));
    expect(note).toBe(
      'De a, aquí solo están los primeros 200 de 1000. Pide menos con: hours, limit.',
    );
  });
});
