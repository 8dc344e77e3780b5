/** Metrics before they are written in a format: names and units as Prometheus has them. */

export type Labels = Readonly<Record<string, string>>;
type Sample = { labels: Labels; value: number };
type HistogramSample = {
  labels: Labels;
  /** How many values there are in each bucket, and past the last bound. */
  counts: readonly number[];
  sum: number;
};
type Named = { name: string; help: string };

/** All values of one name. */
export type Family = Named &
  (
    | { type: 'gauge' | 'counter'; samples: Sample[] }
    | { type: 'histogram'; bounds: readonly number[]; samples: HistogramSample[] }
  );

/** Labels and a value; `null`: not known, and left out. */
export type Value = readonly [labels: Labels, value: number | null];

const known = (values: readonly Value[]): Sample[] =>
  values.flatMap(([labels, value]) => (value === null ? [] : [{ labels, value }]));

export const gauge = (name: string, help: string, values: readonly Value[]): Family => ({
  ...{ name: `observatory_${name}`, help, type: 'gauge' },
  samples: known(values),
});

/** A number that only grows, except where it begins anew; its name ends in `_total`. */
export const counter = (name: string, help: string, values: readonly Value[]): Family => ({
  ...{ name: `observatory_${name}`, help, type: 'counter' },
  samples: known(values),
});

/** One value without labels. */
export const one = (value: number | null): Value[] => [[{}, value]];

export const bit = (is: boolean): number => (is ? 1 : 0);

/** A state set: each state with 1 where it is the current one, else 0. */
export const states = <S extends string>(
  all: readonly S[],
  current: S,
  labelsOf: (state: S) => Labels,
): Value[] => all.map((state) => [labelsOf(state), bit(state === current)]);

export const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);
