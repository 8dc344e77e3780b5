import { describe, expect, it } from 'vitest';
import { parseExactJson, skipWarnings } from './exact-json';

describe('parseExactJson', () => {
  it('keeps an id past 2^53 exact, as a string', () => {
    expect(parseExactJson('{"a":9007199254740993,"b":[-9223372036854775808, 12]}')).toEqual({
      a: '9007199254740993',
      b: ['-9223372036854775808', 12],
    });
  });

  it('never touches digits inside a string, whatever is escaped around them', () => {
    const strings = [
      ': 9007199254740993,',
      '"quoted" 9007199254740993 ',
      'ends in a backslash \\',
      '\\" 9007199254740993',
      'é ☃ 😀 9007199254740993',
    ];
    const document = { strings, ': 9007199254740993,': 1 };
    expect(parseExactJson(JSON.stringify(document))).toEqual(document);
    expect(parseExactJson(JSON.stringify(document, null, '\t'))).toEqual(document);
  });

  it('leaves fractions and exponents numbers, however long', () => {
    expect(parseExactJson('[0.3712220000000000001, 1.5e3, 1234567890123456.5, 1e20, 123]')).toEqual(
      [0.371222, 1500, 1234567890123456.5, 1e20, 123],
    );
  });

  it('throws SyntaxError on what is not JSON, unclosed strings and long numbers alike', () => {
    for (const text of [
      '',
      '{',
      '"abc',
      '"abc\\"',
      '{"a":"b',
      '12345678901234567x',
      '0x1234567890123456789',
    ]) {
      expect(() => parseExactJson(text), text).toThrow(SyntaxError);
    }
  });

  it('takes linear time and no stack on hostile input of many megabytes', () => {
    const started = performance.now();
    const quotes = `"${'\\"a'.repeat(4_000_000)}"`;
    expect(parseExactJson(quotes)).toHaveLength(8_000_000);
    expect(() => parseExactJson(`"${'\\'.repeat(8_000_001)}`)).toThrow(SyntaxError);
    expect(() => parseExactJson('1'.repeat(8_000_000).concat('x'))).toThrow(SyntaxError);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe('skipWarnings', () => {
  it('finds the JSON object after the lines a command warns with', () => {
    expect(skipWarnings('# Warning: {not stable}\n\n  {"UDP":true}')).toBe('  {"UDP":true}');
    expect(skipWarnings('{"UDP":true}')).toBe('{"UDP":true}');
    expect(skipWarnings('no object at all')).toBe('no object at all');
  });
});
