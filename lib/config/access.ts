import { BlockList, isIP } from 'node:net';
import { badgeKey, badgeNamed } from '../domain/badge';
import type { AccessPolicy, TokenScope } from '../domain/caller';
import { parseAccessRule, TOKEN_SCOPES } from '../domain/caller';
import { choice, list, listOf, text } from './fields';

/** A token as given in the environment: its name, its scope, and its SHA-256 in hexadecimal. */
export type HashedToken = { name: string; scope: TokenScope; sha256: string };

const rules = listOf(parseAccessRule, 'settingFaults.accessRule');

export const accessFields = {
  AUTH: choice(['local', 'strict', 'off'], 'local'),
  TAILSCALE_ADMINS: rules,
  TAILSCALE_VIEWERS: rules,
  TRUSTED_PROXIES: listOf((entry) => (isNetwork(entry) ? entry : null), 'settingFaults.network'),
  ALLOWED_HOSTS: listOf(
    (entry) => (/^[a-z0-9.-]+$/i.test(entry) ? entry.toLowerCase() : null),
    'settingFaults.hostName',
  ),
  API_TOKENS: listOf(hashedToken, 'settingFaults.hashedToken'),
  PUBLIC_BADGES: listOf((entry) => {
    const badge = badgeNamed(entry);
    return badge && badgeKey(badge);
  }, 'settingFaults.badge'),
  EMBED_ORIGINS: listOf(
    (entry) => (/^https?:\/\/[\w.*-]+(:\d{1,5})?$/.test(entry) ? entry.toLowerCase() : null),
    'settingFaults.site',
  ),
  /** What Next's server binds to; `npm start` sets it from HOST. */
  HOSTNAME: text,
};

export type AccessConfig = {
  /** `local`: a user at the machine is its operator. `strict`: no one is. `off`: everyone is. */
  auth: 'local' | 'strict' | 'off';
  policy: AccessPolicy;
  trustedProxies: BlockList;
  /** Host names this service is reached by, besides those it finds out itself. */
  allowedHosts: string[];
  tokens: HashedToken[];
  /** What is shown to everyone. */
  opened: { publicBadges: ReadonlySet<string>; embedOrigins: string[] };
};

type Fields = {
  AUTH: AccessConfig['auth'];
  TAILSCALE_ADMINS?: AccessPolicy['admins'];
  TAILSCALE_VIEWERS?: AccessPolicy['admins'];
  TRUSTED_PROXIES?: string[];
  ALLOWED_HOSTS?: string[];
  API_TOKENS?: HashedToken[];
  PUBLIC_BADGES?: string[];
  EMBED_ORIGINS?: string[];
};

/** Returns the access settings. `urls`: where people and replicas reach this process. */
export function accessConfig(e: Fields, urls: readonly (string | null)[]): AccessConfig {
  return {
    auth: e.AUTH,
    policy: { admins: e.TAILSCALE_ADMINS ?? [], viewers: e.TAILSCALE_VIEWERS ?? null },
    trustedProxies: blockList(e.TRUSTED_PROXIES ?? []),
    allowedHosts: [
      ...(e.ALLOWED_HOSTS ?? []),
      ...urls.flatMap((url) => (url === null ? [] : new URL(url).hostname)),
    ],
    tokens: e.API_TOKENS ?? [],
    opened: {
      publicBadges: new Set(e.PUBLIC_BADGES ?? []),
      embedOrigins: e.EMBED_ORIGINS ?? [],
    },
  };
}

/**
 * Returns why these settings must not be served on `address`, with the remedy; `null` when they may. On more than
 * loopback, someone must be granted access: otherwise everyone who can reach the machine would have it.
 */
export function tooWide(
  env: Record<string, string | undefined>,
  address: string | undefined,
  hasTokens: boolean,
): string | null {
  if (address === undefined || isLoopbackName(address)) return null;
  if (env.AUTH === 'off') {
    return `AUTH=off lets everyone in, so it is for loopback only: leave HOST (${address}) unset, or AUTH`;
  }
  const { TAILSCALE_ADMINS, TAILSCALE_VIEWERS, API_TOKENS, COLLECTOR_TOKEN, ROLE } = env;
  // A replica sends the token to its collectors; a collector admits who sends it.
  const replicas = ROLE === 'web' ? undefined : COLLECTOR_TOKEN;
  const named = [TAILSCALE_ADMINS, TAILSCALE_VIEWERS, API_TOKENS, replicas];
  if (hasTokens || named.some((value) => list(value).length > 0)) return null;
  return (
    `HOST=${address} is reachable from other machines, and no one has been given access: set TAILSCALE_ADMINS=you@example.com ` +
    '(or TAILSCALE_VIEWERS=own for everyone in your tailnet, or a token made with `npm run token`), or leave HOST unset'
  );
}

/** Returns whether a name or address to listen on is only reachable from this machine. */
function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function hashedToken(entry: string): HashedToken | null {
  const [, name, word, sha256] = /^([\w.-]+):(\w+):([0-9a-f]{64})$/.exec(entry) ?? [];
  const scope = TOKEN_SCOPES.find((known) => known === word);
  return name && scope && sha256 ? { name, scope, sha256 } : null;
}

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

function blockList(networks: readonly string[]): BlockList {
  const made = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) made.addAddress(address, family);
    else made.addSubnet(address, Number(bits), family);
  }
  return made;
}
