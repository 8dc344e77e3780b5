import type { Classification } from './device';

/** What somebody may do: look, or also change things and read the log. */
export type Role = 'viewer' | 'admin';
/** What a machine's token is for. `admin` includes `read` and `ingest`. */
export const TOKEN_SCOPES = ['read', 'ingest', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A node of the tailnet that asks, and who it belongs to. Tagged nodes belong to nobody: their login is `tagged-devices`. */
export type CallingNode = {
  nodeId: string;
  device: string;
  login: string;
  name: string;
  tags: readonly string[];
  classification: Classification;
};

/** Who is asking, as far as it is proven. */
export type Caller =
  /** Somebody at the machine itself. */
  | { kind: 'operator' }
  | { kind: 'node'; node: CallingNode; address: string; via: 'serve' | 'proxy' | 'socket' }
  | { kind: 'token'; name: string; scope: TokenScope }
  /** A process that serves pages for this collector. `person`: whom the request is made for, as the replica says. */
  | { kind: 'replica'; name: string; role: Role; person: string | null }
  /** `reason`: why we know no better, for the one who asks. */
  | { kind: 'anonymous'; address: string | null; reason: string };

/** One entry of `TAILSCALE_ADMINS` or `TAILSCALE_VIEWERS`. */
export type AccessRule =
  | { kind: 'login'; login: string }
  | { kind: 'domain'; domain: string }
  | { kind: 'tag'; tag: string }
  | { kind: 'class'; classification: Classification };

export type AccessPolicy = {
  admins: readonly AccessRule[];
  /** `null`: no list was given, and everyone in our own tailnet may look. */
  viewers: readonly AccessRule[] | null;
};

/**
 * Reads an entry: `own`, `shared`, `external`, `tag:name`, `*@domain` or a login, which need not be an address
 * (`alice@github`). `null` when it is none of them.
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

/** Whether a rule names this node. A tag and `own` speak of machines too; a login and a domain of people only. */
function ruleMatches(rule: AccessRule, node: CallingNode): boolean {
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
 * What a caller may do; `null`: nothing. Without a list of viewers the people of our own tailnet may look (Tailscale's
 * `autogroup:member`): tagged machines, sharees and owners of shared nodes have to be named.
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

/** What a device may do as a replica: it is one if a tag of it is named. `null`: it is none. */
export function replicaRoleOf(node: CallingNode, { admins, viewers }: AccessPolicy): Role | null {
  const named = (rules: readonly AccessRule[]) =>
    rules.some((rule) => rule.kind === 'tag' && ruleMatches(rule, node));
  if (named(admins)) return 'admin';
  return named(viewers ?? []) ? 'viewer' : null;
}

/** Whether a caller may send measurements: only a token made for it can, here or at a replica. */
export function mayIngest(caller: Caller): boolean {
  if (caller.kind === 'replica') return caller.role === 'admin';
  return caller.kind === 'token' && caller.scope !== 'read';
}

/** What a caller is called in the log and the audit; `null`: nobody is proven. */
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

/** Who it is that acts: for a replica, the person it acts for. */
export function personOf(caller: Caller): string | null {
  return caller.kind === 'replica' ? (caller.person ?? caller.name) : callerName(caller);
}
