import type { Owner } from './device';
import type { EndFacts } from './relay-causes';

/** The current holder of an address. */
export type Whois = {
  nodeId: string;
  device: string;
  user: Owner;
  tags: string[];
  /** What the device has reported about its own connection; `null` when it has not. */
  network: EndFacts | null;
};
