import type { Connections } from '@/lib/api/pages';
import { pathStrip } from '../_ui/path-runs';
import type { Strips } from './connections';

/** The last day of every critical node, as strips. Server only: the browser keeps them going by itself. */
export function stripsOf(connections: Connections | null, now: number): Strips {
  const spans = Object.entries(connections?.spans ?? {});
  return Object.fromEntries(spans.map(([id, list]) => [id, pathStrip(list, now)]));
}
