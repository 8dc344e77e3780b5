import type { Owner } from './device';
import type { EndFacts } from './relay-causes';

/** Who holds an address now. */
export type Whois = {
  nodeId: string;
  device: string;
  user: Owner;
  tags: string[];
  /** What the node has said of its own connection; `null` when it has not. */
  network: EndFacts | null;
};
