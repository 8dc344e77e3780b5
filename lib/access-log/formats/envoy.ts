const LOOKS =
  /^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] "\S+ \S+ (?:HTTP\/\S+|-)" \d+ (?:[A-Z][A-Za-z,]*|-) /;

/** Returns whether a line is in Envoy's default text format, or Istio's. */
export function looksLikeEnvoy(line: string): boolean {
  return LOOKS.test(line);
}
