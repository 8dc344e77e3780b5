/** The colour of a badge's value. Each has a contrast of 4.5:1 or more with the white text on it. */
export const TONES = {
  good: '#1a7f37',
  fair: '#8a5a00',
  bad: '#c11c2a',
  unknown: '#57606a',
} as const;

/** What a badge says: a name and its value. */
export type Badge = { label: string; value: string; tone: keyof typeof TONES };

const LABEL_FILL = '#3d444d';
const HEIGHT = 20;
const PADDING = 6;
const SIZE = 11;
const LONGEST = 60;

/** Advance widths of DejaVu Sans, which Verdana shares, at 11 px, in tenths of a pixel: U+0020 to U+007E. */
const WIDTHS = [
  ...[35, 44, 51, 92, 70, 105, 86, 30, 43, 43, 55, 92, 35, 40, 35, 37, 70, 70, 70, 70, 70, 70, 70],
  ...[70, 70, 70, 37, 37, 92, 92, 92, 58, 110, 75, 75, 77, 85, 70, 63, 85, 83, 32, 32, 72, 61, 95],
  ...[82, 87, 66, 87, 76, 70, 67, 81, 75, 109, 75, 67, 75, 43, 37, 43, 92, 55, 55, 67, 70, 60, 70],
  ...[68, 39, 70, 70, 31, 31, 64, 31, 107, 70, 67, 70, 70, 45, 57, 43, 70, 65, 90, 65, 65, 58, 70],
  ...[37, 70, 92],
];
const OTHER_WIDTH = 75;
/** Of scripts whose letters are squares, and of pictures. */
const WIDE_WIDTH = 110;
const FIRST_WIDE = 0x1100;

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Draws a badge as SVG. The text gets exactly the room it is given (`textLength`), whatever font there is, so that it
 * never leaves its box.
 */
export function badgeSvg({ label, value, tone }: Badge): string {
  const [name, said] = [shown(label), shown(value)];
  const [left, right] = [boxWidth(name), boxWidth(said)];
  const title = escaped(`${name}: ${said}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<clipPath id="c"><rect width="${left + right}" height="${HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#c)">
<rect width="${left}" height="${HEIGHT}" fill="${LABEL_FILL}"/>
<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${TONES[tone]}"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="${SIZE}" aria-hidden="true">
${text(name, 0, left)}
${text(said, left, right)}
</g>
</svg>
`;
}

const text = (words: string, x: number, width: number) =>
  `<text x="${x + PADDING}" y="14" textLength="${width - 2 * PADDING}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escaped(words)}</text>`;

const boxWidth = (words: string) => Math.ceil(textWidth(words)) + 2 * PADDING;

/** Returns the width of a text in pixels. */
export function textWidth(words: string): number {
  let tenths = 0;
  for (const { segment } of letters.segment(words)) {
    // A letter with its accents is as wide as without.
    const code = segment.normalize('NFD').codePointAt(0) ?? 0;
    tenths += WIDTHS[code - 0x20] ?? (code >= FIRST_WIDE ? WIDE_WIDTH : OTHER_WIDTH);
  }
  return tenths / 10;
}

/** Characters that XML 1.0 does not have, and those that turn the direction of what follows. */
const UNSHOWABLE =
  /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Returns a name that anyone may have given as one line to show, cut where it is too long for a badge. */
function shown(name: string): string {
  const line = name.replace(UNSHOWABLE, '').replace(/\s+/g, ' ').trim();
  const all = [...letters.segment(line)].map(({ segment }) => segment);
  if (all.length === 0) return '?';
  return all.length > LONGEST ? `${all.slice(0, LONGEST - 1).join('')}…` : all.join('');
}

const escaped = (words: string) =>
  words.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
