import type { Visitor } from '../domain/access';
import { visitorNames } from '../domain/visitor';

/** Everything at or past this many distinct endpoints is counted under `OTHER_ENDPOINT`. */
export const MAX_ENDPOINTS = 1_000;
export const OTHER_ENDPOINT = '(other)';

/** Who and what the numbers in roll-ups and blocks mean. Lists are by number; users and devices are numbered here. */
export type Dictionaries = {
  /** Another one when anything below has changed. */
  version: string;
  /** By visitor id. */
  user: Uint32Array;
  device: Uint32Array;
  kind: Visitor['kind'][];
  ip: string[];
  users: { user: string; userName: string }[];
  devices: { device: string; user: string }[];
  /** By endpoint id. */
  endpoints: string[];
  /** By visitor id, where several collectors write to one store. */
  collector?: string[];
};

/** Numbers users and devices in the order of their visitors; a visitor without a number leaves a gap. */
export function dictionariesOf(
  version: string,
  visitors: readonly Visitor[],
  endpoints: string[],
): Dictionaries {
  const last = visitors.at(-1)?.id ?? 0;
  const user = new Uint32Array(last + 1);
  const device = new Uint32Array(last + 1);
  const kind: Visitor['kind'][] = [];
  const ip: string[] = [];
  const users = new Map<string, { index: number; user: string; userName: string }>();
  const devices = new Map<string, { index: number; device: string; user: string }>();
  for (const visitor of visitors) {
    const { id } = visitor;
    const names = visitorNames(visitor);
    const existing = users.get(names.user);
    user[id] = existing?.index ?? users.size;
    if (!existing) users.set(names.user, { index: users.size, ...names });
    device[id] = devices.get(names.device)?.index ?? devices.size;
    if (!devices.has(names.device)) devices.set(names.device, { index: devices.size, ...names });
    kind[id] = visitor.kind;
    ip[id] = visitor.ip;
  }
  return {
    version,
    user,
    device,
    kind,
    ip,
    users: [...users.values()].map(({ user, userName }) => ({ user, userName })),
    devices: [...devices.values()].map(({ device, user }) => ({ device, user })),
    endpoints,
  };
}
