import type { AlertSaid, Reading } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import { type SaidValue, say } from '../domain/said';
import type { TimeZone } from '../domain/time-zone';
import type { MessageKey } from '../i18n/messages';

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

/** Returns a line of evidence. */
export const line = (label: MessageKey, value: SaidValue): AlertSaid['evidence'][number] => ({
  label: say(label),
  value,
});

/** Names the value at which an alert fires. */
export const limit = (key: MessageKey, values: Record<string, SaidValue>) =>
  line('alertTexts.limit', text(key, values));

/** Returns a text as a value, or a part, of another. */
export const text = (key: MessageKey, values?: Record<string, SaidValue>): SaidValue => ({
  said: say(key, values),
});

export const instantIn = ({ name }: TimeZone, time: number): SaidValue => ({
  instant: time,
  zone: name,
});

/** Describes a path: `direct (192.0.2.1:41641)`, `peer relay (…)`, `relay (DERP fra)`. */
export function pathText({
  connectionType,
  relayNode,
  endpoint,
}: Pick<Connection, 'connectionType' | 'relayNode' | 'endpoint'>): SaidValue {
  if (connectionType !== 'relay') return pathAt(connectionType, endpoint);
  return pathAt('relay', relayNode === 'none' ? null : `DERP ${relayNode}`);
}

/** Describes a path that leads over an endpoint, where that is known. */
export function pathAt(path: string, at: string | null): SaidValue {
  return at === null ? text('alertTexts.path', { path }) : text('alertTexts.pathAt', { path, at });
}
