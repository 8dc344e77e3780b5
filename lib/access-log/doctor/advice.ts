import { type SaidValue, say } from '../../domain/said';
import { quoted } from '../shell';
import type { Program } from './program';

/** How to configure a program, in its own syntax. */
export type Advice = {
  name: string;
  /** The usual path of its access log. */
  path: string;
  /**
   * Configuration that makes it log to `paths` with response times; `host`: their lines begin with the virtual host.
   */
  timed(paths: readonly string[], host: boolean): string;
  /** Configuration that makes it log the client's address, given the networks of the proxies in front of it. */
  behindProxy(proxies: readonly string[]): string;
  /** A command that shows the format it logs in; `null`: it has only one. */
  showFormat: string | null;
};

/** Quotes a word of a configuration file where necessary. */
const word = (path: string) =>
  /^[\w./:@%+-]+$/.test(path) ? path : `"${path.replace(/["\\]/g, '\\$&')}"`;
const each = <T>(all: readonly T[], line: (one: T) => string) => all.map(line).join('\n');

const timedNginx = (host: boolean) =>
  `log_format observatory '${host ? '$host ' : ''}$remote_addr - $remote_user [$time_local] "$request" '
                       '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';`;
const NGINX_RELOAD = '# in a shell\nsudo nginx -t && sudo nginx -s reload';

/** Returns nginx lines that log to `paths` with response times. */
export const nginxDirectives = (paths: readonly string[], host = false) =>
  `# in the http block\n${timedNginx(host)}\n# in the server block\n${each(paths, (path) => `access_log ${word(path)} observatory;`)}`;
const realIp = (proxies: readonly string[]) =>
  `# in the server block; narrow it to the address of a proxy you run yourself\n${each(proxies, (proxy) => `set_real_ip_from ${proxy};`)}\nreal_ip_header X-Forwarded-For;\nreal_ip_recursive on;`;

/** `%a` is the address that mod_remoteip found; `%h` would be the same, or a name. */
const APACHE_FIELDS = '%l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %{ms}Tms';
const APACHE_RELOAD = '# in a shell\nsudo apachectl configtest && sudo apachectl graceful';
const apacheDirectives = (paths: readonly string[], host = false) =>
  `# in the virtual host\nLogFormat "${host ? '%v:%p ' : ''}%a ${APACHE_FIELDS}" observatory\n${each(paths, (path) => `CustomLog ${word(path)} observatory`)}`;

const nginx: Advice = {
  name: 'nginx',
  path: '/var/log/nginx/access.log',
  timed: (paths, host) => `${nginxDirectives(paths, host)}\n\n${NGINX_RELOAD}`,
  behindProxy: realIp,
  showFormat: 'sudo nginx -T 2>/dev/null | grep -A5 log_format',
};

const apache: Advice = {
  name: 'Apache',
  path: '/var/log/apache2/access.log',
  timed: (paths, host) => `${apacheDirectives(paths, host)}\n\n${APACHE_RELOAD}`,
  behindProxy: (proxies) =>
    `# in a shell\nsudo a2enmod remoteip\n# in the virtual host; narrow it to the address of a proxy you run yourself\nRemoteIPHeader X-Forwarded-For\n${each(proxies, (proxy) => `RemoteIPInternalProxy ${proxy}`)}\nHostnameLookups Off\n# and with %a instead of %h\nLogFormat "%a ${APACHE_FIELDS}" observatory`,
  showFormat: 'grep -rhE "^ *(LogFormat|CustomLog)" /etc/apache2 /etc/httpd 2>/dev/null',
};

const caddy: Advice = {
  name: 'Caddy',
  path: '/var/log/caddy/access.log',
  timed: (paths) =>
    `# in the Caddyfile, in the site; its JSON has everything\n${each(paths, (path) => `log {\n\toutput file ${word(path)}\n\tformat json\n}`)}\n\n# in a shell\nsudo caddy reload --config /etc/caddy/Caddyfile`,
  behindProxy: (proxies) =>
    `# at the top of the Caddyfile; narrow it to the address of a proxy you run yourself\n{\n\tservers {\n\t\ttrusted_proxies static ${proxies.join(' ')}\n\t\ttrusted_proxies_strict\n\t}\n}`,
  showFormat: 'grep -A6 "log" /etc/caddy/Caddyfile',
};

const traefik: Advice = {
  name: 'Traefik',
  path: '/var/log/traefik/access.log',
  timed: (paths) =>
    `# traefik.yml\naccessLog:\n  filePath: ${JSON.stringify(paths[0] ?? '')}\n  format: json`,
  behindProxy: (proxies) =>
    `# traefik.yml; narrow it to the address of a proxy you run yourself, for each entry point\nentryPoints:\n  websecure:\n    forwardedHeaders:\n      trustedIPs:\n${each(proxies, (proxy) => `        - "${proxy}"`)}`,
  showFormat: 'grep -i -A8 accesslog /etc/traefik/traefik.yml',
};

const haproxy: Advice = {
  name: 'HAProxy',
  path: '/var/log/haproxy.log',
  timed: () =>
    '# haproxy.cfg, in defaults or the frontend; without "clf"\noption httplog\n\n# in a shell\nsudo haproxy -c -f /etc/haproxy/haproxy.cfg && sudo systemctl reload haproxy',
  behindProxy: (proxies) =>
    `# haproxy.cfg, in the frontend; narrow it to the address of a proxy you run yourself\n${each(proxies, (proxy) => `http-request set-src hdr(x-forwarded-for) if { src ${proxy} }`)}`,
  showFormat: 'grep -nE "log-format|httplog" /etc/haproxy/haproxy.cfg',
};

const npm: Advice = {
  name: 'Nginx Proxy Manager',
  path: '/data/logs/proxy-host-*_access.log',
  // A second log of the proxy hosts, instead of their own: both together would count each request twice.
  timed: () =>
    `# data/nginx/custom/http_top.conf\nlog_format observatory escape=json '{"time":"$time_iso8601","remote_addr":"$remote_addr","host":"$host","request":"$request","status":"$status","bytes":"$body_bytes_sent","user_agent":"$http_user_agent","request_time":"$request_time"}';\n# data/nginx/custom/server_proxy.conf\naccess_log /data/logs/observatory.log observatory;\n\n# in place of the proxy hosts' own logs, after docker restart of Nginx Proxy Manager\nACCESS_LOG='/data/logs/observatory.log,/data/logs/redirection-host-*_access.log,/data/logs/dead-host-*_access.log,/data/logs/default-host_access.log,/data/logs/fallback_http_access.log'`,
  behindProxy: (proxies) =>
    `# data/nginx/custom/server_proxy.conf; narrow it to the address of a proxy you run yourself\n${each(proxies, (proxy) => `set_real_ip_from ${proxy};`)}\nreal_ip_header X-Forwarded-For;\nreal_ip_recursive on;`,
  showFormat: null,
};

const ingress: Advice = {
  name: 'ingress-nginx',
  path: '/var/log/containers/*ingress-nginx*.log',
  timed: () =>
    '# its default has them: take out what replaces it\nkubectl -n ingress-nginx patch configmap ingress-nginx-controller --type=json -p=\'[{"op":"remove","path":"/data/log-format-upstream"}]\'',
  behindProxy: (proxies) =>
    `# narrow it to the address of a proxy you run yourself\nkubectl -n ingress-nginx patch configmap ingress-nginx-controller --type=merge -p=${quoted(JSON.stringify({ data: { 'use-forwarded-headers': 'true', 'proxy-real-ip-cidr': proxies.join(',') } }))}\n# or, where there is no proxy and the service hides the clients\nkubectl -n ingress-nginx patch service ingress-nginx-controller -p='{"spec":{"externalTrafficPolicy":"Local"}}'`,
  showFormat:
    'kubectl -n ingress-nginx get configmap ingress-nginx-controller -o yaml | grep log-format',
};

const lighttpd: Advice = {
  name: 'lighttpd',
  path: '/var/log/lighttpd/access.log',
  timed: (paths) =>
    `# lighttpd.conf\naccesslog.filename = "${paths[0] ?? ''}"\naccesslog.format = "%h %V %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\" %Dus"\n\n# in a shell\nsudo lighttpd -tt -f /etc/lighttpd/lighttpd.conf && sudo systemctl restart lighttpd`,
  behindProxy: (proxies) =>
    `# lighttpd.conf; narrow it to the address of a proxy you run yourself\nserver.modules += ( "mod_extforward" )\nextforward.headers = ( "X-Forwarded-For" )\nextforward.forwarder = ( ${proxies.map((proxy) => `"${proxy}" => "trust"`).join(', ')} )`,
  showFormat: 'grep -rn accesslog.format /etc/lighttpd',
};

/** As JSON, since Envoy does not escape quotes in its text format. */
const ENVOY_FIELDS = `time: "%START_TIME%"
          remote_addr: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"
          host: "%REQ(:AUTHORITY)%"
          method: "%REQ(:METHOD)%"
          path: "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"
          status: "%RESPONSE_CODE%"
          bytes: "%BYTES_SENT%"
          duration_ms: "%DURATION%"
          user_agent: "%REQ(USER-AGENT)%"`;
const envoyLog = (path: string) => `# in the HTTP connection manager
access_log:
  - name: envoy.access_loggers.file
    typed_config:
      "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
      path: ${JSON.stringify(path)}
      log_format:
        json_format:
          ${ENVOY_FIELDS}`;
const envoy: Advice = {
  name: 'Envoy',
  path: '/var/log/envoy/access.log',
  timed: (paths) => envoyLog(paths[0] ?? ''),
  behindProxy: () =>
    '# in the HTTP connection manager: as many as there are proxies in front\nuse_remote_address: true\nxff_num_trusted_hops: 1',
  showFormat: null,
};

const oauth2Proxy: Advice = {
  name: 'oauth2-proxy',
  path: '/var/log/oauth2-proxy.log',
  timed: () => '# its default has them: take this out\n# --request-logging-format=…',
  behindProxy: () => 'oauth2-proxy --reverse-proxy=true --real-client-ip-header=X-Forwarded-For',
  showFormat: null,
};

const tsdproxy: Advice = {
  name: 'TSDProxy',
  path: '/var/log/tsdproxy.log',
  timed: () => '# tsdproxy.yaml\nlog:\n  json: true',
  behindProxy: () =>
    '# tsdproxy.yaml: devices reach it over the tailnet itself\nproxyAccessLog: true',
  showFormat: null,
};

const ADVICE: Record<Program, Advice> = {
  nginx,
  apache,
  caddy,
  traefik,
  haproxy,
  npm,
  'ingress-nginx': ingress,
  lighttpd,
  envoy,
  'oauth2-proxy': oauth2Proxy,
  tsdproxy,
  unknown: {
    name: 'the web server',
    path: nginx.path,
    timed: (paths, host) =>
      `# nginx\n${nginx.timed(paths, host)}\n\n# or Apache\n${apache.timed(paths, host)}`,
    behindProxy: (proxies) =>
      `# nginx\n${nginx.behindProxy(proxies)}\n\n# or Apache\n${apache.behindProxy(proxies)}`,
    showFormat: `# nginx\n${nginx.showFormat}\n# Apache\n${apache.showFormat}`,
  },
};

/** Returns a program's name, as a part of a text. */
export const nameOf = (program: Program): SaidValue =>
  program === 'unknown' ? { said: say('doctor.webServer') } : ADVICE[program].name;

/** Returns the advice for a program's logs. */
export function adviceFor(program: Program): Advice {
  return ADVICE[program];
}
