/** Returns at most `most` names similar to `name`, because they contain it or differ by few changes. */
export function nearestNames(name: string, names: readonly string[], most: number): string[] {
  const wanted = name.toLowerCase().slice(0, 64);
  return [...new Set(names)]
    .map((known) => ({ known, distance: likeness(wanted, known.toLowerCase().slice(0, 64)) }))
    .filter(({ known, distance }) => distance <= Math.max(2, known.length / 3))
    .sort((a, b) => a.distance - b.distance || a.known.localeCompare(b.known))
    .slice(0, most)
    .map(({ known }) => known);
}

function likeness(a: string, b: string): number {
  if (a.length > 1 && (b.includes(a) || a.includes(b))) return 0.5;
  return changes(a, b);
}

/** Returns the Levenshtein distance, computed with two rows. */
function changes(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min((row[j - 1] ?? 0) + 1, (before[j] ?? 0) + 1, (before[j - 1] ?? 0) + same);
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
