/** The most rows in a list of the answer: what a refresh transfers stays small whatever the history. */
const LIST_LIMIT = 50;

/** The rows with the most hits, at most LIST_LIMIT, none with 0. */
export function most(hits: Float64Array): number[] {
  const rows: number[] = [];
  for (let i = 0; i < hits.length; i++) if ((hits[i] ?? 0) > 0) rows.push(i);
  return rows.sort((a, b) => (hits[b] ?? 0) - (hits[a] ?? 0) || a - b).slice(0, LIST_LIMIT);
}
