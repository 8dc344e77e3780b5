/** An actual value, beside its forecast. */
export type Outcome = { actual: number; expected: number };

export type Scores = {
  /** Mean absolute error, in the unit of the values. */
  mae: number;
  /** Root of the mean squared error. */
  rmse: number;
  /** Share of the variance explained, at most 1; `null` where nothing varied. */
  r2: number | null;
};

/**
 * Returns MAE, RMSE and R² of forecasts (definitions: Hyndman & Athanasopoulos, Forecasting: Principles and Practice,
 * 3rd ed., §5.8). R² is within each series: each varies around its own mean, so that devices far apart do not pass for
 * a good fit. `null` without outcomes.
 */
export function scoresOf(series: readonly (readonly Outcome[])[]): Scores | null {
  const all = series.flat();
  if (all.length === 0) return null;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const squared = sum(all.map(({ actual, expected }) => (actual - expected) ** 2));
  const absolute = sum(all.map(({ actual, expected }) => Math.abs(actual - expected)));
  const around = series.map((one) => {
    const mean = sum(one.map(({ actual }) => actual)) / one.length;
    return sum(one.map(({ actual }) => (actual - mean) ** 2));
  });
  const varied = sum(around);
  return {
    mae: absolute / all.length,
    rmse: Math.sqrt(squared / all.length),
    r2: varied > 0 ? 1 - squared / varied : null,
  };
}
