import { load } from '@/lib/api/load';
import { dashboardCalls } from '@/lib/calls/page-calls';
import type { Circumstances } from './no-accesses';
import { apiParameters, type View } from './view';

/** Loads why a view may have no access to show. Server only; throws as `load` does. */
export async function loadCircumstances(view: View): Promise<Circumstances> {
  const calls = dashboardCalls(apiParameters(view));
  const [usage, health, doctor] = await Promise.all([
    load(calls.usage),
    load(calls.health),
    load(calls.doctor),
  ]);
  return { health: health.initial, doctor: doctor.initial, leftOut: usage.initial.left_out };
}
