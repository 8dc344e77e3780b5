/** A title or a value from outside may be long; it is truncated before it is marked up, so that no markup is split. */
const VALUE_MAX = 300;

/** Returns at most `max` characters of a text, on one line. */
export function oneLine(text: string, max = VALUE_MAX): string {
  const line = text.replace(/\s+/gu, (space) => (/[\r\n\t]/.test(space) ? ' ' : space));
  return line.length > max ? `${line.slice(0, max - 1).replace(LONE_HALF, '')}…` : line;
}

const LONE_HALF = /[\ud800-\udbff]$/;
