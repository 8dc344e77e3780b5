import { type HostEndpoint, OTHER_HOST, type Visitor } from '../domain/access';
import { type VisitorClass, visitorClass, visitorNames } from '../domain/visitor';

/**
 * Clients choose paths and hosts, so there are bounds. An endpoint at or past the 1,000th of its host, or the 16,000th of
 * all, is counted as its host's `OTHER`; the endpoints of a host past the 100th are those of a host called `OTHER`.
 */
export const MAX_HOSTS = 100;
export const MAX_ENDPOINTS_OF_HOST = 1_000;
export const MAX_ENDPOINTS = 16_000;
export const OTHER = OTHER_HOST;

/** Who and what the numbers in roll-ups and blocks mean. Lists are by number; users, devices and hosts are numbered here. */
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
  host: Uint16Array;
  /** `null`: the log does not name it. */
  hosts: (string | null)[];
  /** By visitor id, where several collectors write to one store. */
  collector?: string[];
};

/** Numbers users, devices and hosts in the order they come; a visitor or endpoint without a number leaves a gap. */
export function dictionariesOf(
  version: string,
  visitors: readonly Visitor[],
  endpoints: readonly (HostEndpoint | undefined)[],
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
  const hosts = new Numbering<string | null>();
  const host = Uint16Array.from(endpoints, (one) =>
    one ? hosts.put(one.host ?? '', one.host) : 0,
  );
  return {
    version,
    ...{ user, device, kind, ip, host },
    users: users.values,
    devices: devices.values,
    endpoints: Array.from(endpoints, (one) => one?.endpoint ?? ''),
    hosts: hosts.values,
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
