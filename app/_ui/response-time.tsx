import { approximateMeaning, formatExact, isApproximate } from './quantile';
import { Term } from './tooltip';

/**
 * A p50 or p95, whose ≈, if there is one, is explained. `error`: how far it may be from the true one, as a share of it.
 */
export function ResponseTime({ ms, error }: { ms: number | null; error: number }) {
  return (
    <>
      {isApproximate(ms, error) && (
        <>
          <Term meaning={approximateMeaning(error)}>≈</Term>
          {'\u00a0'}
        </>
      )}
      {formatExact(ms)}
    </>
  );
}
