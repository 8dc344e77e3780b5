import { ENVOY_REASON } from '../domain/rejection';
import { createCaddy } from './formats/caddy';
import { createCommonLog } from './formats/common-log';
import { looksLikeEnvoy } from './formats/envoy';
import { type FormatReader, NOT_AN_ACCESS, type Reading } from './formats/format';
import { createHaproxy, looksLikeHaproxy } from './formats/haproxy';
import type { JsonProgram } from './formats/json-names';
import { createNginxJson } from './formats/nginx-json';
import { createNpm, looksLikeNpm } from './formats/npm';
import { createOauth2Proxy, looksLikeOauth2Proxy } from './formats/oauth2-proxy';
import { isOtherLine } from './formats/other-lines';
import { createTraefik } from './formats/traefik';
import { createTsdproxy } from './formats/tsdproxy';

const OPEN_BRACKET = 91;
const OPEN_BRACE = 123;
const CADDY_BEGINS = '{"level":"';

/**
 * Reads lines of every known format, each recognised by its structure: by how the line begins, which no client can
 * influence. Whatever else a line holds (a user name, a URI, an agent) decides nothing.
 */
export function createRecogniser(): FormatReader {
  const common = createCommonLog();
  const haproxy = createHaproxy();
  const npm = createNpm();
  const oauth2Proxy = createOauth2Proxy();
  const nginxJson = createNginxJson();
  const caddy = createCaddy();
  const programs: Record<JsonProgram, FormatReader> = {
    caddy,
    traefik: createTraefik(),
    tsdproxy: createTsdproxy(),
  };
  const special = [
    { looks: looksLikeNpm, reader: npm },
    { looks: looksLikeHaproxy, reader: haproxy },
    { looks: looksLikeOauth2Proxy, reader: oauth2Proxy },
    { looks: looksLikeCaddyConsole, reader: caddy },
  ];
  /** The reader of the last line: adjacent lines nearly always have the same format. */
  let last: FormatReader = common;
  let lastJson: FormatReader = nginxJson;

  function readJson(line: string): Reading {
    if (lastJson !== nginxJson) {
      const reading = lastJson.read(line);
      if (isHit(reading)) return kept(lastJson, reading);
    }
    const reading = nginxJson.read(line);
    const { program } = nginxJson;
    if (program === null) {
      if (isHit(reading)) lastJson = nginxJson;
      return isHit(reading) ? kept(nginxJson, reading) : reading;
    }
    // A `logger` alone may be anybody's word.
    if (isHit(reading) && nginxJson.isOwn) return kept(nginxJson, reading);
    const own = programs[program].read(line);
    if (isHit(own)) lastJson = programs[program];
    return isHit(own) ? kept(programs[program], own) : own;
  }

  function readText(line: string): Reading {
    if (last === haproxy || last === npm) {
      const reading = last.read(line);
      if (isHit(reading)) return reading;
    }
    if (line.charCodeAt(0) !== OPEN_BRACKET) {
      const reading = common.read(line);
      if (isHit(reading)) return kept(common, reading);
    }
    for (const { looks, reader } of special) {
      if (!looks(line)) continue;
      const reading = reader.read(line);
      return isHit(reading) ? kept(reader, reading) : reading;
    }
    if (looksLikeEnvoy(line)) return ENVOY_REASON;
    return isOtherLine(line) ? NOT_AN_ACCESS : common.read(line);
  }

  function kept(reader: FormatReader, reading: Reading): Reading {
    last = reader;
    return reading;
  }

  /** Caddy's own lines have nothing to be learnt from, and many fields. */
  const teachesNothing = (beginning: string) =>
    lastJson === caddy && beginning.startsWith(CADDY_BEGINS);

  return {
    get format() {
      return last.format;
    },
    learn(line) {
      if (teachesNothing(line)) return;
      if (line.charCodeAt(0) === OPEN_BRACE) nginxJson.learn?.(line);
      else common.learn?.(line);
    },
    teachesNothing,
    read: (line) => (line.charCodeAt(0) === OPEN_BRACE ? readJson(line) : readText(line)),
  };
}

function isHit(reading: Reading): boolean {
  return reading !== NOT_AN_ACCESS && typeof reading !== 'string';
}

/** Caddy's `console` encoder: tabs between time, level, logger, message and JSON. */
const CADDY_CONSOLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  /^[\d/:. TZe+-]+\t(?:\x1b\[\d+m)?(?:debug|info|warn|error|d?panic|fatal)(?:\x1b\[0m)?\t/i;

function looksLikeCaddyConsole(line: string): boolean {
  return CADDY_CONSOLE.test(line);
}
