import type { Connections } from '@/lib/api/pages';
import { pathStrip } from '../_ui/path-runs';
import type { Strips } from './strips';

/** Returns the last day of every critical device as strips. Server only: the browser keeps them up to date. */
export function stripsOf(spans: Connections['spans'], now: number): Strips {
  return Object.fromEntries(Object.entries(spans).map(([id, list]) => [id, pathStrip(list, now)]));
}
