import type { Classification } from './device';
import type { Said } from './said';

/** What a caller may do: view, or also change things and read the log. */
export type Role = 'viewer' | 'admin';
/** What a machine's token is for. `admin` includes `read` and `ingest`. */
export const TOKEN_SCOPES = ['read', 'ingest', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/**
 * A device of the tailnet that makes a request, and its owner. Tagged devices have no owner: their login is
 * `tagged-devices`.
 */
export type CallingDevice = {
  nodeId: string;
  device: string;
  login: string;
  name: string;
  tags: readonly string[];
  classification: Classification;
};

/** Who made a request, as far as it is proven. */
export type Caller =
  /** A person at the machine itself. */
  | { kind: 'operator' }
  | { kind: 'node'; node: CallingDevice; address: string; via: 'serve' | 'proxy' | 'socket' }
  | { kind: 'token'; name: string; scope: TokenScope }
  /**
   * A process that serves pages for this collector. `person`: the user it makes the request for, as the replica reports
   * it.
   */
  | { kind: 'replica'; name: string; role: Role; person: string | null }
  /** `reason`: why the caller could not be identified, for the caller to read. */
  | { kind: 'anonymous'; address: string | null; reason: Said };

/** One entry of `TAILSCALE_ADMINS` or `TAILSCALE_VIEWERS`. */
export type AccessRule =
  | { kind: 'login'; login: string }
  | { kind: 'domain'; domain: string }
  | { kind: 'tag'; tag: string }
  | { kind: 'class'; classification: Classification };

export type AccessPolicy = {
  admins: readonly AccessRule[];
  /** `null`: no list was given, and everyone in our own tailnet may view. */
  viewers: readonly AccessRule[] | null;
};

/**
 * Reads an entry: `own`, `shared`, `external`, `tag:name`, `*@domain` or a login, which need not be an address
 * (`alice@github`). Returns `null` for anything else.
 */
export function parseAccessRule(text: string): AccessRule | null {
  const entry = text.toLowerCase();
  if (entry === 'own' || entry === 'shared' || entry === 'external') {
    return { kind: 'class', classification: entry };
  }
  if (/^tag:[a-z][a-z0-9-]*$/.test(entry)) return { kind: 'tag', tag: entry };
  const domain = /^\*@([^\s@*]+)$/.exec(entry)?.[1];
  if (domain) return { kind: 'domain', domain };
  return /^[^\s@*]+@[^\s@*]+$/.test(entry) ? { kind: 'login', login: entry } : null;
}

/**
 * Returns whether a rule names this device. A tag and `own` also match tagged devices; a login and a domain match only
 * people.
 */
function ruleMatches(rule: AccessRule, node: CallingDevice): boolean {
  const login = node.tags.length > 0 ? '' : node.login.toLowerCase();
  switch (rule.kind) {
    case 'login':
      return login === rule.login;
    case 'domain':
      return login.endsWith(`@${rule.domain}`);
    case 'tag':
      return node.tags.some((tag) => tag.toLowerCase() === rule.tag);
    case 'class':
      return node.classification === rule.classification;
  }
}

/**
 * Returns what a caller may do; `null`: nothing. Without a list of viewers the people of our own tailnet may view
 * (Tailscale's `autogroup:member`): tagged devices, sharees and owners of shared devices have to be named.
 */
export function roleOf(caller: Caller, { admins, viewers }: AccessPolicy): Role | null {
  switch (caller.kind) {
    case 'operator':
      return 'admin';
    case 'token':
      return { read: 'viewer' as const, ingest: null, admin: 'admin' as const }[caller.scope];
    case 'replica':
      return caller.role;
    case 'anonymous':
      return null;
    case 'node': {
      const { node } = caller;
      const named = (rules: readonly AccessRule[]) => rules.some((rule) => ruleMatches(rule, node));
      if (named(admins)) return 'admin';
      if (viewers) return named(viewers) ? 'viewer' : null;
      return node.classification === 'own' && node.tags.length === 0 ? 'viewer' : null;
    }
  }
}

/** Returns what a device may do as a replica, which it is if one of its tags is named; `null` when it is not one. */
export function replicaRoleOf(node: CallingDevice, { admins, viewers }: AccessPolicy): Role | null {
  const named = (rules: readonly AccessRule[]) =>
    rules.some((rule) => rule.kind === 'tag' && ruleMatches(rule, node));
  if (named(admins)) return 'admin';
  return named(viewers ?? []) ? 'viewer' : null;
}

/** Returns whether a caller may send measurements, which requires a token made for it, here or at a replica. */
export function mayIngest(caller: Caller): boolean {
  if (caller.kind === 'replica') return caller.role === 'admin';
  return caller.kind === 'token' && caller.scope !== 'read';
}

/** Returns the caller's name for the log and the audit; `null` when no identity is proven. */
export function callerName(caller: Caller): string | null {
  switch (caller.kind) {
    case 'replica':
      return caller.person === null ? caller.name : `${caller.person} via ${caller.name}`;
    case 'operator':
      return 'operator';
    case 'token':
      return `token:${caller.name}`;
    case 'anonymous':
      return null;
    case 'node':
      return caller.node.tags.length > 0 ? caller.node.device : caller.node.login;
  }
}

/** Returns the person who acts: for a replica, the one it acts for. */
export function personOf(caller: Caller): string | null {
  return caller.kind === 'replica' ? (caller.person ?? caller.name) : callerName(caller);
}
