import type { Visitor } from '../domain/access';
import { type VisitorClass, visitorClass, visitorNames } from '../domain/visitor';

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
  users: { user: string; userName: string; person: boolean }[];
  /** `id`: Tailscale's; `null` for addresses that are not named. */
  devices: { id: string | null; device: string; user: string; class: VisitorClass }[];
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
  const users = new Numbering<Dictionaries['users'][number]>();
  const devices = new Numbering<Dictionaries['devices'][number]>();
  for (const visitor of visitors) {
    const { id } = visitor;
    const names = visitorNames(visitor);
    const counted = visitorClass(visitor);
    const nodeId = visitor.identity?.nodeId ?? null;
    user[id] = users.put(names.user, {
      user: names.user,
      userName: names.userName,
      person: counted === 'person',
    });
    // Told apart by id, since names repeat. The newest visitor has the newest name.
    device[id] = devices.put(nodeId === null ? `address ${names.device}` : `id ${nodeId}`, {
      id: nodeId,
      device: names.device,
      user: names.user,
      class: counted,
    });
    kind[id] = visitor.kind;
    ip[id] = visitor.ip;
  }
  return {
    version,
    user,
    device,
    kind,
    ip,
    users: users.values,
    devices: devices.values,
    endpoints,
  };
}

/** Numbers values by their keys, from 0 on. */
class Numbering<T> {
  readonly values: T[] = [];
  private readonly numbers = new Map<string, number>();

  /** Adds a value, or replaces the one that has its key, and returns its number. */
  put(key: string, value: T): number {
    const number = this.numbers.get(key) ?? this.values.length;
    this.numbers.set(key, number);
    this.values[number] = value;
    return number;
  }
}
