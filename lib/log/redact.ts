/** What stands in a line where a secret stood. */
const HIDDEN = '[hidden]';

/**
 * Secrets by their shape: our own tokens, Tailscale keys (`tskey-…`), Telegram bot tokens (in the path of every call to
 * its API), and whatever follows an authorization scheme.
 */
const SHAPES = [
  /obs_[A-Za-z0-9]+_[A-Za-z0-9_-]{16,}/g,
  /tskey-[A-Za-z0-9-]{8,}/g,
  /\d{5,}:[A-Za-z0-9_-]{30,}/g,
  /\b(Bearer|Basic|Token) [A-Za-z0-9._~+/=-]{8,}/gi,
];

/** A line without the secrets in it: the `known` ones, and everything that has the shape of one. */
export function redact(line: string, known: readonly string[]): string {
  let safe = line;
  for (const secret of known) safe = safe.replaceAll(secret, HIDDEN);
  for (const shape of SHAPES) safe = safe.replace(shape, HIDDEN);
  return safe;
}
