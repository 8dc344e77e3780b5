const DAY_NAME = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';

/** Lines of web servers and related programs that are not accesses, each recognised by its beginning. */
const OTHERS = [
  // nginx's error log
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[(?:debug|info|notice|warn|error|crit|alert|emerg)\] /,
  // Apache's error log
  new RegExp(
    `^\\[${DAY_NAME} [A-Z][a-z]{2} [\\d ]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)? \\d{4}\\] \\[`,
  ),
  // lighttpd's error log
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d: \(?(?:[\w./-]+\.c[.:]\d+|server\.c.*?)\)/,
  // nginx and Apache on a terminal
  /^nginx: (?:\[|(?:the )?configuration file )/,
  /^AH\d{5}: /,
  // PHP-FPM, and its own log of the requests that a web server passes on
  /^\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d[^\]]*\] /,
  /^(?:NOTICE|WARNING|ERROR|ALERT): (?:\[pool |PHP message: |fpm is )/,
  /^\S+ - \S* ?\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4} "[A-Z]+ [^"]*" \d{3}/,
  // Python's loggers: supervisord, certbot
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}[ :](?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRIT(?:ICAL)?)[ :]/,
  // What starts containers
  /^\[(?:cont-init|cont-finish|services|fix-attrs)\.d\] |^\[(?:custom-init|ls\.io-init|migrations)\] |^s6-[\w-]+: /,
  // Apache's log of TLS, beside its access log: each request once more
  /^\[\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]+\] \S+ (?:TLSv[\d.]+|SSLv\d|-) \S+ "(?:[^"\\]|\\.)*" (?:\d+|-)$/,
  // HAProxy about itself, when it is not syslog that says so
  /^(?:Connect from \S+ to \S+ \(|(?:Proxy|Server|Backend) \S+ (?:started|stopped|is (?:UP|DOWN|going))\b)/,
  // HAProxy at its start
  /^\[(?:NOTICE|WARNING|ALERT|DIAG)\] +(?:\d+\/\d+ )?\(\d+\) : /,
  // oauth2-proxy about itself
  /^\[\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\] \[[\w.-]+\.go:\d+\] /,
  // Go's own, as of its older versions
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [\w.-]+\.go:\d+: /,
  // Envoy and Gunicorn about themselves
  /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+| [+-]\d{4})\]\s?\[\d+\]\s?\[\w+\]/,
  // journalctl's, and those of `docker compose`
  /^-- (?:(?:Logs|Journal) begins? |Boot [\da-f]+|No entries|Reboot)/,
  /^(?:Attaching to \S|\S+ exited with code \d+$)/,
  // Kubernetes' klog, as ingress-nginx uses it
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.-]+\.go:\d+\] /,
  // logfmt and zerolog's console, as Traefik's own log
  /^time="?\d{4}-\d\d-\d\dT[^ ]+ (?:level=|.* level=)/,
  /^\d{4}-\d\d-\d\dT\S+ (?:TRC|DBG|INF|WRN|ERR|FTL|PNC) /,
  // Traefik's plugins, and what Traefik says of its statistics, over several lines
  /^(?:DEBUG|INFO|WARN(?:ING)?|ERROR): [\w-]+: \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /,
  /^(?:Stats collection is \w+\.$|(?:Many thanks for contributing to|Help us improve) Traefik|More details on: https:\/\/doc\.traefik\.io\/)/,
  // ingress-nginx at its start
  /^(?:-{20,}$|NGINX Ingress controller|(?:Release|Build|Repository|nginx version): )/,
  // nginx's container image at its start
  /^(?:\/docker-entrypoint\.sh|\d\d-[\w-]+\.(?:env)?sh): /,
];

/** Returns whether a line is known not to be an access: from an error log, or from a program about itself. */
export function isOtherLine(line: string): boolean {
  return OTHERS.some((pattern) => pattern.test(line));
}
