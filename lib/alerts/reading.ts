import type { Evidence, Reading } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';

/** Parts that readings of several rules share. */

/** Fires at the first bad reading, and clears at the first good one. */
export const AT_ONCE = { raiseRounds: 1, raiseAfterMs: 0, clearRounds: 1 };
export const NO_DEVICE = { nodeId: null, hostname: null };

export const aboutDevice = ({ id, name }: Pick<Device, 'id' | 'name'>) => ({
  nodeId: id,
  hostname: name,
});

export const stateOf = (bad: boolean, good: boolean): Reading['state'] =>
  bad ? 'bad' : good ? 'good' : 'between';

/** Names the value at which an alert fires. */
export const limit = (value: string): Evidence[number] => ({ label: 'Limit', value });

/** Describes a path: `direct (192.0.2.1:41641)`, `peer relay (…)`, `relay (DERP fra)`. */
export function pathText({
  connectionType,
  relayNode,
  endpoint,
}: Pick<Connection, 'connectionType' | 'relayNode' | 'endpoint'>): string {
  if (connectionType === 'relay') {
    return relayNode === 'none' ? 'relay' : `relay (DERP ${relayNode})`;
  }
  const name = connectionType === 'peer_relay' ? 'peer relay' : connectionType;
  return endpoint ? `${name} (${endpoint})` : name;
}
