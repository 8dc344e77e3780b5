import { describe, expect, it } from 'vitest';
import { badgeSvg, TONES, textWidth } from './badge-svg';

const badge = (label: string, value = 'online') => badgeSvg({ label, value, tone: 'good' });
const titleOf = (svg: string) => /<title>(.*?)<\/title>/s.exec(svg)?.[1];
const widthOf = (svg: string) => Number(/width="(\d+)"/.exec(svg)?.[1]);

describe('a badge', () => {
  it('has a title and a name for those who do not see it', () => {
    const svg = badge('nas');
    expect(titleOf(svg)).toBe('nas: online');
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="nas: online">/);
  });

  it('is as wide as its text, by the widths of the letters', () => {
    expect(textWidth('nas')).toBeCloseTo(7 + 6.7 + 5.7);
    expect(textWidth('WWW')).toBeGreaterThan(3 * textWidth('i') + 15);
    expect(textWidth('é')).toBe(textWidth('e'));
    expect(textWidth('漢字')).toBe(22);
    expect(widthOf(badge('WWWWWW'))).toBeGreaterThan(widthOf(badge('iiiiii')) + 30);
  });

  it.each([
    '<script>alert(1)</script>',
    '"><image href="https://evil.example/x"/>',
    "' onload='alert(1)",
    ']]>&lt;&amp;&#x3c;',
    '</title><a href="javascript:alert(1)">',
  ])('shows a hostile name as text: %s', (name) => {
    const svg = badge(name, name);
    expect(svg.match(/<[a-z]+/g)).toEqual(badge('nas').match(/<[a-z]+/g));
    expect(svg).not.toContain(name);
    const unescaped = titleOf(svg)?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
    expect(unescaped).toBe(`${name}: ${name}`.trim());
  });

  it('leaves out what XML does not have or what turns the text around, and is one line', () => {
    expect(titleOf(badge('a\u0000\ud800\u202eb\r\n \tc\u200f'))).toBe('ab c: online');
    expect(titleOf(badge('\u0007\u202e'))).toBe('?: online');
  });

  it('cuts a name of hundreds of letters, never within one', () => {
    expect(titleOf(badge('x'.repeat(500)))).toBe(`${'x'.repeat(59)}…: online`);
    expect(titleOf(badge('👩‍👩‍👧‍👦'.repeat(70)))).toBe(`${'👩‍👩‍👧‍👦'.repeat(59)}…: online`);
  });

  it('has white text on colours that contrast with it, 4.5 to 1 or more', () => {
    for (const colour of [...Object.values(TONES), '#3d444d']) {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      expect(1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05), colour).toBeGreaterThan(4.5);
    }
  });
});
