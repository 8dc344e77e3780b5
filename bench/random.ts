/**
 * Returns a reproducible stream of numbers from 0 up to 1 (mulberry32): the same seed gives the same traffic
 * everywhere.
 */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Returns a function that picks an index by weight; `random` is from 0 up to 1. */
export function picker(weights: readonly number[]): (random: number) => number {
  const total = weights.reduce((a, b) => a + b, 0);
  // A table of a thousand draws: exact enough for traffic, and a pick costs one look-up.
  const table = new Uint8Array(1_000);
  let index = 0;
  let sum = weights[0] ?? 0;
  for (let i = 0; i < table.length; i++) {
    while (((i + 0.5) / table.length) * total > sum && index < weights.length - 1) {
      sum += weights[++index] ?? 0;
    }
    table[i] = index;
  }
  return (random) => table[Math.floor(random * table.length)] ?? 0;
}
