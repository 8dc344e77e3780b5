import { createCaddy } from '../formats/caddy';
import { createCommonLog } from '../formats/common-log';
import type { FormatReader } from '../formats/format';
import { createHaproxy } from '../formats/haproxy';
import { createNginxJson } from '../formats/nginx-json';
import { createNpm } from '../formats/npm';
import { createOauth2Proxy } from '../formats/oauth2-proxy';
import { createTraefik } from '../formats/traefik';
import { createTsdproxy } from '../formats/tsdproxy';
import { apacheLayout } from './apache-format';
import { createLayoutFormat } from './layout-format';
import { nginxLayout } from './nginx-format';
import { pastedFormat } from './pasted';

const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

const VHOST_COMBINED = '%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"';

/** Formats that can be requested by name. */
const NAMED: Record<string, () => FormatReader> = {
  common: () => createLayoutFormat(apacheLayout('%h %l %u %t "%r" %>s %b')),
  combined: () => createLayoutFormat(nginxLayout(COMBINED)),
  vhost_combined: () => createLayoutFormat(apacheLayout(VHOST_COMBINED)),
  vcombined: () => createLayoutFormat(apacheLayout(VHOST_COMBINED)),
  'ingress-nginx': () =>
    createLayoutFormat(
      nginxLayout(
        `${COMBINED} $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id`,
      ),
    ),
  lighttpd: () =>
    createLayoutFormat(apacheLayout('%h %V %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"')),
  json: createNginxJson,
  npm: createNpm,
  caddy: createCaddy,
  traefik: createTraefik,
  'traefik-json': createTraefik,
  'traefik-common': createCommonLog,
  haproxy: createHaproxy,
  'oauth2-proxy': createOauth2Proxy,
  tsdproxy: createTsdproxy,
};

/**
 * Returns the reader of a configured format: nginx's `log_format` or Apache's `LogFormat`, alone or as the whole
 * directive, or one of the names above. Throws an Error that says what is wrong with it.
 */
export function createSetFormat(given: string): FormatReader {
  const { format, kind } = pastedFormat(given);
  const named = Object.hasOwn(NAMED, format.toLowerCase()) ? NAMED[format.toLowerCase()] : null;
  if (named) return named();
  if (kind !== 'apache' && /\$\{?\w/.test(format)) return createLayoutFormat(nginxLayout(format));
  if (/%(?:ci|cp|tr|TR|Ta|ST|ft|bi|hr)\b/.test(format)) {
    throw new Error(
      "this is HAProxy's log-format; let it log with `option httplog`, which is recognised without a setting",
    );
  }
  if (/%\^(?!F[BU]\b)/.test(format)) {
    throw new Error(
      'this is a log-format of GoAccess; give the text that stands in log_format or LogFormat, or nothing, since common formats are recognised without a setting',
    );
  }
  if (/%[!\d,]*[<>]?(?:\{|[a-zA-Z])/.test(format)) return createLayoutFormat(apacheLayout(format));
  if (/\{[\w>.-]+\}/.test(format)) {
    throw new Error(
      "these are Caddy's placeholders; Caddy's JSON and its common and combined templates are recognised without a setting",
    );
  }
  const names = Object.keys(NAMED).join(', ');
  throw new Error(
    /^[\w-]+$/.test(format)
      ? `"${format}" is the name of a format, not a format: give the text that stands behind it in log_format or LogFormat (names that are known: ${names})`
      : `this is no format: it has neither nginx's variables ($remote_addr …) nor Apache's directives (%h …), and is none of ${names}`,
  );
}
