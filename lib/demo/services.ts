import { demoTailnet } from '../tailscale/demo-nodes';

/** A page of a service: how often it is asked for beside the others, and its usual response time in milliseconds. */
export type Page = { host: string; method: string; path: string; weight: number; ms: number };

/** What a device asks for: how often beside the other devices, and from which services. */
export type Habit = { weight: number; services: Record<string, number> };

/** The demo's six services, by name: method, path, weight and milliseconds of each page. */
const SERVICES: Record<string, [method: string, path: string, weight: number, ms: number][]> = {
  home: [
    ['GET', '/', 14, 12],
    ['GET', '/lovelace/energy', 8, 45],
    ['GET', '/api/states', 18, 25],
    ['GET', '/local/icons-3f9c1a7be21d.js', 4, 6],
  ],
  git: [
    ['GET', '/factory/recipes', 10, 90],
    ['GET', '/factory/recipes/pulls', 9, 110],
    ['GET', '/factory/recipes/issues/42', 6, 70],
    ['GET', '/factory/recipes/pulls/318/files', 4, 260],
  ],
  wiki: [
    ['GET', '/', 4, 40],
    ['GET', '/Runbooks', 5, 60],
    ['GET', '/Runbooks/Restore-a-backup', 3, 65],
  ],
  photos: [
    ['GET', '/', 3, 80],
    ['GET', '/album/2031', 6, 240],
    ['GET', '/api/thumbnails?size=m', 9, 120],
  ],
  metrics: [
    ['GET', '/dashboard', 9, 40],
    ['POST', '/api/query', 14, 180],
    ['GET', '/old-dashboard', 1, 5],
  ],
  files: [
    ['GET', '/', 4, 30],
    ['GET', '/shared/invoices', 3, 55],
    ['PUT', '/webdav/notes.md', 5, 35],
  ],
};

const ANYTHING = { home: 8, git: 6, wiki: 3, photos: 4, metrics: 3, files: 3 };

/** Who uses what, by host name. About three accesses in four are people's. */
export const HABITS: Readonly<Record<string, Habit>> = {
  'alice-laptop': { weight: 10, services: ANYTHING },
  'alice-phone': { weight: 5, services: { home: 8, photos: 6, files: 1 } },
  'bob-desktop': { weight: 8, services: { git: 9, wiki: 4, metrics: 4, home: 1 } },
  'bob-laptop': { weight: 6, services: { git: 7, wiki: 3, files: 2 } },
  'studio-archive': { weight: 1.2, services: { files: 5, photos: 3 } },
  'device-of-shared-to-user': { weight: 1.5, services: { photos: 4, wiki: 1 } },
  'ci-runner': { weight: 1.1, services: { git: 9, metrics: 1 } },
  'chocolate-factory-dev': { weight: 0.7, services: { metrics: 4, git: 2 } },
  'greenhouse-pi': { weight: 0.5, services: { home: 1 } },
  nas: { weight: 0.3, services: { files: 3, metrics: 1 } },
};

/** Every page that a device asks for, by its host name. */
export const PAGES: ReadonlyMap<string, readonly Page[]> = new Map(
  Object.entries(HABITS).map(([device, { services }]) => [device, pagesOf(services)]),
);

function pagesOf(services: Habit['services']): Page[] {
  return Object.entries(services).flatMap(([name, share]) => {
    const pages = SERVICES[name] ?? [];
    const all = pages.reduce((sum, [, , weight]) => sum + weight, 0);
    return pages.map(([method, path, weight, ms]) => ({
      host: `${name}.${demoTailnet.magicDnsSuffix}`,
      method,
      path,
      weight: (share * weight) / all,
      ms,
    }));
  });
}

/** Picks by weight; `chance` is from 0 up to 1. Returns `undefined` when there is nothing to pick. */
export function pick<T extends { weight: number }>(
  choices: readonly T[],
  chance: number,
): T | undefined {
  let left = chance * choices.reduce((sum, { weight }) => sum + weight, 0);
  return choices.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}
