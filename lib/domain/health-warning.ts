/** One of tailscaled's health warnings: its text may contain how long it has lasted, its code stays the same. */
export type HealthWarning = {
  /** Tailscale's own code (`health/warnings.go`, 1.102), or `other`. */
  code: string;
  /**
   * The same for the same problem, whatever durations its text contains: a code may have several, one per relay server.
   */
  key: string;
  text: string;
};

/** What each text begins with; the status contains only the texts. */
const CODES: readonly [RegExp, string][] = [
  [/^A security update from version/, 'security-update-available'],
  [/^An update from version/, 'update-available'],
  [/^This is an unstable version/, 'is-using-unstable-version'],
  [/^Tailscale cannot connect because the network is down/, 'network-status'],
  [/^Tailscale is stopped/, 'wantrunning-false'],
  [/^Tailscale is starting/, 'warming-up'],
  [/^The local log is misconfigured/, 'local-log-config-error'],
  [/^You are logged out/, 'login-state'],
  [/^Unable to connect to the Tailscale coordination server/, 'not-in-map-poll'],
  [/^Tailscale could not connect to any relay server/, 'no-derp-home'],
  [/^Tailscale could not connect to the /, 'no-derp-connection'],
  [/^Tailscale hasn't heard from /, 'derp-timed-out'],
  [/^The relay server #/, 'derp-region-error'],
  [/^Tailscale couldn't listen for incoming UDP/, 'no-udp4-bind'],
  [/^Tailscale hasn't received a network map/, 'mapresponse-timeout'],
  [/^Tailscale could not establish an encrypted connection/, 'tls-connection-failed'],
  [/^The MagicSock function/, 'magicsock-receive-func-error'],
  [/^An error occurred applying the Tailscale envknob/, 'apply-disk-config'],
  [/^The coordination server is reporting an? health issue/, 'control-health'],
  [/locked out/i, 'locked-out'],
];
const DURATION = /\b(?:\d+(?:\.\d+)?(?:h|ms|m|s|µs|us|ns))+\b/g;
const NUMBER = /\d+(?:\.\d+)*/g;
/** A relay server's name or number: each is a problem of its own. */
const SUBJECT = /'([^']*)'|#(\d+)/;

/** Identifies the warning that a text of tailscaled's belongs to. */
function healthWarning(text: string): HealthWarning {
  const code = CODES.find(([beginning]) => beginning.test(text))?.[1];
  if (code === undefined) {
    return { code: 'other', key: uncounted(text), text };
  }
  // Everything that the coordination server reports has this one code.
  if (code === 'control-health') return { code, key: `${code}:${uncounted(text)}`, text };
  const subject = SUBJECT.exec(text.replace(DURATION, ''));
  const about = subject?.[1] ?? subject?.[2];
  return { code, key: about === undefined ? code : `${code}:${about}`, text };
}

/** Returns a text without its numbers: "1 minute" and "2 minutes" are the same. */
const uncounted = (text: string) =>
  text
    .replace(DURATION, '…')
    .replace(NUMBER, '…')
    .replace(/… (\p{L}+?)s?\b/gu, '… $1');

/** Returns the warnings of a status, without duplicates. */
export function healthWarnings(texts: readonly string[]): HealthWarning[] {
  return [...new Map(texts.map(healthWarning).map((warning) => [warning.key, warning])).values()];
}
