import type { Loaded } from '../calls/call';
import { firingCall } from '../calls/page-calls';
import { currentServices } from '../services';
import type { FiringResponse } from './health-schemas';
import { load } from './load';

/** What surrounds every page: how many alerts need attention, of all collectors, and whether it is the demo. */
type Frame = { firing: Loaded<FiringResponse>; isDemo: boolean };

/** Loads what surrounds every page. Throws `Forbidden`. */
export async function loadFrame(): Promise<Frame> {
  const firing = await load(firingCall(undefined));
  return { firing, isDemo: currentServices().tailnet.view().source === 'demo' };
}
