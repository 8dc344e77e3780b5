/** What replaces a secret. */
const HIDDEN = '[hidden]';

/**
 * Secrets by their shape: this service's tokens, Tailscale keys (`tskey-…`), Telegram bot tokens (in the path of every
 * call to its API), and anything after an authorization scheme.
 */
const SHAPES = [
  /obs_[A-Za-z0-9]+_[A-Za-z0-9_-]{16,}/g,
  /tskey-[A-Za-z0-9-]{8,}/g,
  /\d{5,}:[A-Za-z0-9_-]{30,}/g,
  /\b(Bearer|Basic|Token) [A-Za-z0-9._~+/=-]{8,}/gi,
];

/** Removes secrets from a line: the `known` ones, and everything that looks like one. */
export function redact(line: string, known: readonly string[]): string {
  let safe = line;
  for (const secret of known) safe = safe.replaceAll(secret, HIDDEN);
  for (const shape of SHAPES) safe = safe.replace(shape, HIDDEN);
  return safe;
}
