/** Longer messages are patterns by how they begin. */
const LONGEST = 300;

/** What differs between messages that say the same, and its placeholder; the first that fits. */
const PARTS: readonly [part: RegExp, placeholder: string][] = [
  [/“[^”]*”|"[^"]*"|«[^»]*»|`[^`]*`|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/u, '<name>'],
  [/\bhttps?:\/\/[^\s"'<>)\]]+/, '<url>'],
  [/\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*/, '<user>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?\b/, '<time>'],
  [/\b\d{1,2}:\d\d(?::\d\d)?\b(?!:)/, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?\b/, '<address>'],
  [/\[?\b(?:[\da-f]{1,4}:){2,7}(?::?[\da-f]{1,4}){0,7}(?:\]:\d{1,5}|\]|\b)/i, '<address>'],
  [/\b(?:[\w-]+\.){2,}[a-z]{2,}\b/i, '<host>'],
  [/\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{8,}\b/i, '<id>'],
  [/\d+(?:[.,:]\d+)*(?:[ \u00a0]?(?:ms|s|min|h|d|[kMGT]?B|%)(?![\p{L}\p{N}]))?/u, '<n>'],
];
const ANY = new RegExp(PARTS.map(([{ source }]) => `(${source})`).join('|'), 'giu');

/** What a line's data calls the names that its message has. */
const NAMES = ['hostname', 'device', 'model'];

/**
 * Returns what a message has in common with those that say the same of something else: numbers, ids, addresses, quoted
 * names and those in `data` become placeholders, `<n> lines of <name> could not be read` and the like.
 */
export function patternOf(message: string, data: Record<string, unknown> = {}): string {
  let line = message.slice(0, 4 * LONGEST).trim();
  for (const key of NAMES) {
    const name = data[key];
    if (typeof name === 'string' && name.length > 1) line = line.replaceAll(name, '“”');
  }
  const pattern = line
    .split('\n', 1)[0]
    ?.replace(ANY, (_, ...groups: unknown[]) => {
      const index = groups.findIndex((group) => group !== undefined);
      return PARTS[index]?.[1] ?? '';
    })
    .replace(/\s+/g, ' ')
    .trim();
  if (!pattern) return '<empty>';
  return pattern.length <= LONGEST
    ? pattern
    : `${pattern.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
