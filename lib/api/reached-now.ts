import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import type { Judgement } from '../domain/judgement';
import { lossOf } from '../domain/reachability';
import type { Services } from '../services';
import { criticalIds } from './judged-now';
import { lastStatus } from './last-status';

/** How a device is reached now; `null`: not measured. */
export type Reached = {
  device: Device;
  /** It is pinged each round. */
  critical: boolean;
  judgement: Judgement;
  /** The last round, however old. */
  round: Connection | undefined;
  latency: Record<'minMs' | 'avgMs' | 'maxMs' | 'jitterMs', number | null>;
  /** From 0 to 1. */
  loss: number | null;
};

/** Returns how devices are reached, for pages, calls and metrics alike. Throws before tailscaled has answered. */
export function reachedNow(services: Services, devices: readonly Device[], now: number): Reached[] {
  const { connections, instance } = services;
  const pinged = criticalIds(services, lastStatus(services).status.devices);
  const rounds = connections.last();
  return devices.map((device) => {
    const round = rounds.get(device.id);
    const isFresh =
      round !== undefined && Math.abs(now - round.time) <= instance.connectionIntervalMs * 3;
    const judgement = connections.judge(device);
    // A round over a path other than the current one says nothing about this one.
    const used = isFresh && round.connectionType === judgement.path ? round : undefined;
    return {
      device,
      critical: pinged.has(device.id),
      judgement,
      round,
      latency: {
        minMs: used?.latencyMin ?? null,
        avgMs: used?.latencyAvg ?? judgement.latencyMs,
        maxMs: used?.latencyMax ?? null,
        jitterMs: used?.jitter ?? null,
      },
      loss: isFresh ? lossOf(round) : null,
    };
  });
}
