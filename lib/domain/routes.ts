import { DAY } from '../util/time';
import type { Device } from './device';
import type { TailnetEvent } from './event';

/** A subnet that our tailnet routes: the device that carries its traffic now, or did so last (`lostAt`). */
type Route = { nodeId: string; lostAt: number | null };
/** By subnet, such as `10.20.0.0/16`. */
export type Routes = Record<string, Route>;

/** A subnet that no device has carried for longer than this was given up. */
const GIVEN_UP_AFTER = 7 * DAY;

/** Returns the current routes, and those that are lost. Times in epoch milliseconds. */
export function routesOf(devices: readonly Device[], before: Routes, now: number): Routes {
  const routes: Routes = {};
  for (const { id, classification, subnetRoutes } of devices) {
    if (classification !== 'own') continue;
    for (const subnet of subnetRoutes) routes[subnet] ??= { nodeId: id, lostAt: null };
  }
  for (const [subnet, { nodeId, lostAt }] of Object.entries(before)) {
    if (routes[subnet]) continue;
    const since = lostAt ?? now;
    if (now - since <= GIVEN_UP_AFTER) routes[subnet] = { nodeId, lostAt: since };
  }
  return routes;
}

/** Returns what happened to the routes between two looks. */
export function routeEvents(
  before: Routes,
  after: Routes,
  nameOf: (nodeId: string) => string,
  time: number,
): TailnetEvent[] {
  const by = (subnet: string, { nodeId }: Route) => `${subnet} by ${nameOf(nodeId)}`;
  return Object.entries(after).flatMap(([subnet, now]): TailnetEvent[] => {
    const was = before[subnet];
    const about = { time, nodeId: now.nodeId, hostname: nameOf(now.nodeId) };
    if (!was) return [{ ...about, kind: 'route_added', before: null, after: by(subnet, now) }];
    const wasHeld = was.lostAt === null;
    if (now.lostAt !== null) {
      if (!wasHeld) return [];
      return [{ ...about, kind: 'route_lost', before: by(subnet, was), after: null }];
    }
    if (!wasHeld) return [{ ...about, kind: 'route_back', before: null, after: by(subnet, now) }];
    if (was.nodeId === now.nodeId) return [];
    return [{ ...about, kind: 'route_moved', before: by(subnet, was), after: by(subnet, now) }];
  });
}
