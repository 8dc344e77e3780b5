import { ENVOY_REASON } from '../../domain/rejection';
import type { ExaminedLog } from './facts';

/** What writes a log, as far as advice differs. `unknown`: most likely nginx or Apache. */
export type Program =
  | 'nginx'
  | 'apache'
  | 'caddy'
  | 'traefik'
  | 'haproxy'
  | 'npm'
  | 'ingress-nginx'
  | 'lighttpd'
  | 'envoy'
  | 'oauth2-proxy'
  | 'tsdproxy'
  | 'unknown';

/** The formats that only one program writes. */
const BY_FORMAT: Record<string, Program> = {
  caddy: 'caddy',
  traefik: 'traefik',
  npm: 'npm',
  haproxy: 'haproxy',
  'haproxy-clf': 'haproxy',
  'ingress-nginx': 'ingress-nginx',
  'oauth2-proxy': 'oauth2-proxy',
  tsdproxy: 'tsdproxy',
};

/** Names of the folders and files of a program's logs. */
const BY_PATH: readonly [RegExp, Program][] = [
  [/ingress-nginx/i, 'ingress-nginx'],
  [
    /nginx-proxy-manager|\bnpm\b|(?:proxy|redirection|dead)-host-\d+_access|fallback_access/i,
    'npm',
  ],
  [/caddy/i, 'caddy'],
  [/traefik/i, 'traefik'],
  [/haproxy/i, 'haproxy'],
  [/lighttpd/i, 'lighttpd'],
  [/apache|httpd/i, 'apache'],
  [/envoy|istio/i, 'envoy'],
  [/nginx/i, 'nginx'],
];

/** lighttpd's default: the virtual host in the field where others have a dash. */
const LIGHTTPD = /^[\da-f.:]+ \w[\w-]*(?:\.[\w-]+)*(?::\d+)? \S+ \[/;
/** Apache's `vhost_combined`. */
const VHOST_COMBINED = /^[\w.-]+:\d+ [\da-f.:]+ \S+ .*? \[/;

/** Returns which program writes a log: by its lines where they show it, else by its path. */
export function programOf({ path, sample }: Pick<ExaminedLog, 'path' | 'sample'>): Program {
  for (const format of sample.formats) {
    // Without its wrappers, as in "docker: caddy".
    const program = BY_FORMAT[format.replace(/^.*[ +]/, '')];
    if (program !== undefined) return program;
  }
  if (sample.rejectedSamples.some(({ reason }) => reason === ENVOY_REASON)) return 'envoy';
  const named = programOfPath(path);
  if (named !== 'unknown' || sample.hitLine === null) return named;
  if (VHOST_COMBINED.test(sample.hitLine)) return 'apache';
  if (LIGHTTPD.test(sample.hitLine)) return 'lighttpd';
  return sample.formats.some((format) => format.endsWith('json')) ? 'nginx' : 'unknown';
}

/** Returns which program writes logs of such a path. */
export function programOfPath(path: string): Program {
  return BY_PATH.find(([pattern]) => pattern.test(path))?.[1] ?? 'unknown';
}
