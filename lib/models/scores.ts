/** What came, beside what had been forecast. */
export type Outcome = { actual: number; expected: number };

export type Scores = {
  /** Mean absolute error, in the unit of the values. */
  mae: number;
  /** Root of the mean squared error. */
  rmse: number;
  /** Share of the variance explained, 1 at best; `null` where nothing varied. */
  r2: number | null;
};

/**
 * MAE, RMSE and R² of forecasts (definitions: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
 * §5.8). Of several series R² is within them: each varies around its own mean, so that nodes far apart do not pass for
 * forecasts that fit. `null` when there is no outcome.
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
