/**
 * Why Envoy's default text format is not read: the only client address in it is `X-Forwarded-For`, which clients write,
 * and it does not escape quotes. Source: Envoy's documentation, "Access logging", default format string.
 */
export const ENVOY_REASON =
  "Envoy's default format, whose only client address (X-Forwarded-For) is one that clients write";

const LOOKS =
  /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] "\S+ \S+ (?:HTTP\/\S+|-)" \d+ (?:[A-Z][A-Za-z,]*|-) /;

/** Returns whether a line is in Envoy's default text format, or Istio's. */
export function looksLikeEnvoy(line: string): boolean {
  return LOOKS.test(line);
}
