import { clientOf } from '../client';
import { addressOf, bytesOf, durationOf, hostOf, responseTime, shown, statusOf } from '../fields';
import { methodOf, targetOf } from '../request';
import { createTimeReader } from '../timestamp';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './format';

const TIME = '\\[(\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d)\\]';
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
/**
 * `client - id - user [time] host method upstream "uri" protocol "agent" status size duration`. The id and the user may
 * be a client's, with blanks and brackets: the time that counts is the last one followed by a complete rest.
 */
const REQUEST = new RegExp(
  `^(\\S+) - .*${TIME} (\\S+) (\\S+) \\S+ ${QUOTED} \\S+ ${QUOTED} (\\d+|-) (\\d+|-) (\\d+\\.\\d+)$`,
);
const LOGIN = new RegExp(`^\\S+ - .*${TIME} \\[Auth\\w+\\] `);
const LOOKS = new RegExp(`^\\S+ - .*${TIME} \\S`);

export function looksLikeOauth2Proxy(line: string): boolean {
  return LOOKS.test(line);
}

/**
 * Reads oauth2-proxy's request log. Its time is in the machine's zone, which is not logged. Its log of logins is mixed
 * in. Source: oauth2-proxy/oauth2-proxy `pkg/logger/logger.go`.
 */
export function createOauth2Proxy(): FormatReader {
  const timeOf = createTimeReader();

  function read(line: string): Reading {
    const parts = REQUEST.exec(line);
    if (parts === null) return LOGIN.test(line) ? NOT_AN_ACCESS : "not oauth2-proxy's format";
    const [, address = '', when = '', hostText = '', verb = '', uri = '', agent = ''] = parts;
    const [statusText = '', bytesText = '', duration = ''] = parts.slice(7);
    const ip = addressOf(address);
    if (ip === '') return `not an IP address: ${shown(address)}`;
    const time = timeOf(when);
    if (Number.isNaN(time)) return `no such time: ${shown(when)}`;
    const status = statusOf(statusText);
    if (Number.isNaN(status)) return `not a status: ${shown(statusText)}`;
    const method = methodOf(verb);
    const { path, endpoint } = targetOf(uri);
    const responseMs = responseTime(durationOf(duration), status, method);
    const client = clientOf(agent);
    const bytes = bytesOf(bytesText);
    return {
      time,
      ip,
      method,
      path,
      endpoint,
      status,
      responseMs,
      bytes,
      client,
      host: hostOf(hostText),
    };
  }

  return { format: 'oauth2-proxy', read };
}
