import { clientOf } from '../client';
import { NOT_LOGGED } from '../endpoint';
import { unescaped } from '../escapes';
import { addressOf, bytesOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { JsonFields } from '../json-fields';
import { methodOf, NO_REQUEST, type Request, readRequest, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';
import { JsonDuration } from './json-duration';
import {
  ADDRESS_NAMES,
  type JsonField,
  type JsonProgram,
  meaningOf,
  OWN_FIELDS,
  TIME_NAMES,
} from './json-names';

/** As OpenResty's cjson and PHP escape it; a backslash that is itself escaped stands apart. */
const ESCAPED_SLASH = /(?<!\\)((?:\\\\)*)\\\//g;

export type NginxJson = FormatReader & {
  /** The program whose own field names the last line had; null for nginx's variables under chosen names. */
  readonly program: JsonProgram | null;
  /** Whether the last line was an access of its own, though it had a field that a program is known by. */
  readonly isOwn: boolean;
};

/**
 * Reads one JSON object per line, as `log_format … escape=json` writes it, with chosen field names: recognised by their
 * meaning (`json-names.ts`), whatever their spelling. Values may be numbers or text; empty text means "not logged". The
 * target is `request`, else `request_uri`, else `uri`, which nginx may have rewritten. The client is `remote_addr`
 * where it exists; where only other names exist, and they disagree, the line is rejected.
 */
export function createNginxJson(): NginxJson {
  const timeOf = createTimeReader();
  const fields = new JsonFields<JsonField>(meaningOf);
  const duration = new JsonDuration();
  const names = new AddressNames();
  let program: NginxJson['program'] = null;

  function textOf(field: JsonField): string {
    const text = fields.text(field);
    if (text === null || text === '-') return '';
    return text.includes('\\/') ? text.replace(ESCAPED_SLASH, '$1/') : text;
  }

  function requestOf(): Request {
    const line = textOf('request');
    const method = methodOf(textOf('method'));
    const target = line || textOf('target') || textOf('rewritten');
    if (/^[A-Z][A-Z0-9_-]* .* HTTP\//s.test(target)) return readRequest(target, 0, target.length);
    if (isTarget(target)) return { method, ...targetOf(target) };
    // `$host$request_uri`
    const path = line === '' && HOST_AND_PATH.test(target) ? target.indexOf('/') : -1;
    if (target !== '') return path < 0 ? NO_REQUEST : { method, ...targetOf(target.slice(path)) };
    const logged = ['request', 'target', 'rewritten'] as const;
    if (logged.some((field) => fields.text(field) !== null)) return NO_REQUEST;
    return { method, path: null, endpoint: NOT_LOGGED };
  }

  function host(): string | null {
    const named = hostOf(textOf('host'));
    if (named !== null) return named;
    // `host` may be the server's own address or whatever the client requested: only a name is meaningful.
    const server = hostOf(textOf('server'));
    return server !== null && addressOf(server) === '' ? server : null;
  }

  /** Returns the address as logged; empty when there is none, `null` when it is unclear which is the client's. */
  function addressText(): string | null {
    const sure = textOf('remoteAddress');
    if (sure !== '') return sure;
    const client = textOf('client');
    const peer = textOf('peer');
    const unsure = fields.differing.has('client') || fields.differing.has('peer');
    if (unsure || (client !== '' && peer !== '' && client !== peer)) return null;
    return client || peer;
  }

  function read(line: string): Reading {
    program = null;
    if (!fields.read(line)) return 'not a JSON object';
    program = programOf(fields);
    if (fields.twice) return 'a field stands there twice';
    if (names.areUnusual(fields)) return 'an address field that no other line has';
    // An application's word about a request, such as Nextcloud's, has no status.
    const ownWord = fields.text('level') !== null && fields.text('message') !== null;
    if (ownWord && textOf('status') === '') return NOT_AN_ACCESS;
    const address = addressText();
    if (address === null) return 'two client addresses that differ';
    if (address === '') {
      return ownWord ? NOT_AN_ACCESS : `no client address (${ADDRESS_NAMES.join(', ')})`;
    }
    const ip = addressOf(unescaped(address));
    if (ip === '') return `not an IP address: ${shown(address)}`;
    // Apache's `%t` has brackets.
    const when = textOf('time').replace(/^\[(.*)\]$/, '$1');
    if (when === '') return `no time (${TIME_NAMES.join(', ')})`;
    const time = timeOf(unescaped(when));
    if (Number.isNaN(time)) return `no such time: ${shown(when)}`;
    const statusText = textOf('status');
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const bytesText = textOf('bytes');
    const bytes = bytesOf(bytesText);
    if (Number.isNaN(bytes)) return `not a number of bytes: ${shown(bytesText)}`;
    const { method, path, endpoint } = requestOf();
    const streamed = textOf('contentType').startsWith('text/event-stream');
    const responseMs = streamed ? null : responseTime(duration.of(fields), status, method);
    const client = clientOf(textOf('agent'));
    return { time, ip, method, path, endpoint, status, responseMs, bytes, client, host: host() };
  }

  return {
    get program() {
      return program;
    },
    get isOwn() {
      const only = OWN_FIELDS.filter(([field]) => fields.text(field) !== null);
      if (only.length !== 1 || only[0]?.[0] !== 'logger') return false;
      const target = ['request', 'target', 'rewritten'] as const;
      return textOf('status') !== '' && target.some((field) => textOf(field) !== '');
    },
    format: 'json',
    learn(line) {
      if (fields.read(line)) names.learn(fields);
    },
    read,
  };
}

const HOST_AND_PATH = /^(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d{1,5})?\//i;

function programOf(fields: JsonFields<JsonField>): JsonProgram | null {
  for (const [field, program] of OWN_FIELDS) if (fields.text(field) !== null) return program;
  return null;
}

function isTarget(text: string): boolean {
  return text.startsWith('/') || text === '*' || text.includes('://');
}

/**
 * Records which address fields the lines of a log have. With `escape=none` a client can write fields of its own into
 * its line; the other lines do not have them.
 */
class AddressNames {
  private readonly seen = new Map<number, number>();
  private usual = -1;

  learn(fields: JsonFields<JsonField>): void {
    const mask = maskOf(fields);
    if (mask === 0) return;
    const count = (this.seen.get(mask) ?? 0) + 1;
    this.seen.set(mask, count);
    if (this.usual < 0 || count > (this.seen.get(this.usual) ?? 0)) this.usual = mask;
  }

  areUnusual(fields: JsonFields<JsonField>): boolean {
    if (this.usual < 0) return false;
    const mask = maskOf(fields);
    // A line that has only other names is another format in the same file, not one with something added.
    return (mask & ~this.usual) !== 0 && (mask & this.usual) !== 0;
  }
}

function maskOf(fields: JsonFields<JsonField>): number {
  const has = (field: JsonField) => (fields.text(field) === null ? 0 : 1);
  return has('remoteAddress') + has('client') * 2 + has('peer') * 4;
}
