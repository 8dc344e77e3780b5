/** The endpoint of a hit whose request line was not HTTP. */
export const MALFORMED = '(malformed)';
/** The endpoint of a hit whose log format has no path. */
export const NOT_LOGGED = '(not logged)';

const MOST_SEGMENTS = 8;
const LONGEST = 200;
/** Longer names are not searched for a hash: matching takes quadratic time. */
const LONGEST_ASSET = 120;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/i;
const ASSET =
  /^(.*[-._]|)([\w-]{8,}?)((?:\.(?:min|chunk|module|bundle))*\.(?:m?js|css|json|map|wasm|html|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf)(?:\.map)?)$/i;

/**
 * Returns the endpoint that a path is counted as. The rule is defined only here:
 *
 * 1. The query and the fragment are not part of it.
 * 2. It is split at `/`; empty segments are dropped (`//` is `/`, a trailing slash is dropped), the root stays `/`.
 * 3. Matrix parameters (`;jsessionid=…`) are dropped.
 * 4. Percent-encoding is decoded where that is safe: valid UTF-8 that is neither a control character nor one of
 *    `/ ? # % \ ;`, so no encoded slash can pose as a segment.
 * 5. A segment that is an id becomes `:id`: only digits; a UUID; a ULID; 16 or more hex digits; 20 or more letters and
 *    digits mixed; 24 or more base64 characters with lower case, upper case and digits; a JWT; and what `masked`, the
 *    same path with its secrets masked, does not show (`/reset/ab12`).
 * 6. The hash in an asset's name becomes `:hash` (`chunk-8f3a2b1c.js` → `chunk-:hash.js`).
 * 7. From the ninth segment on the rest is `…`; the whole is at most 200 characters.
 *
 * The number of distinct endpoints is bounded by the store: past 1,000 a new one counts as `(other)`.
 */
export function endpointOf(path: string, masked = path): string {
  if (path === '*') return path;
  if (!path.startsWith('/')) return MALFORMED;
  const end = path.search(/[?#]/);
  const shown = masked === path ? null : masked.split('/');
  let endpoint = '';
  let count = 0;
  for (const [i, raw] of (end < 0 ? path : path.slice(0, end)).split('/').entries()) {
    const segment = endpointSegment(raw, shown?.[i] ?? raw);
    if (segment === '') continue;
    if (++count > MOST_SEGMENTS) {
      endpoint += '/…';
      break;
    }
    endpoint += `/${segment}`;
  }
  if (endpoint.length <= LONGEST) return endpoint || '/';
  return `${endpoint.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function endpointSegment(raw: string, shown: string): string {
  const own = withoutMatrix(raw);
  const segment = decoded(own);
  if (isId(segment)) return ':id';
  const whole = shown === raw || withoutMatrix(shown) === own ? segment : ':id';
  const asset = segment.length > LONGEST_ASSET ? null : ASSET.exec(segment);
  if (asset === null) return whole;
  const [, name = '', hash = '', extension = ''] = asset;
  return isAssetHash(hash) ? `${name}:hash${extension}` : whole;
}

function withoutMatrix(segment: string): string {
  const matrix = segment.indexOf(';');
  return matrix < 0 ? segment : segment.slice(0, matrix);
}

function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  return segment.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run).replace(/[\p{C}\p{Zl}\p{Zp}/?#%\\;]/gu, encodeURIComponent);
    } catch {
      return run;
    }
  });
}

function isId(segment: string): boolean {
  if (/^\d+$/.test(segment)) return true;
  if (segment.length < 16) return false;
  if (/^[0-9a-f]+$/i.test(segment) || UUID.test(segment) || ULID.test(segment)) return true;
  if (segment.length < 20) return false;
  const digit = /\d/.test(segment);
  if (digit && /^[0-9a-z]+$/i.test(segment) && /[a-z]/i.test(segment)) return true;
  if (segment.length < 24) return false;
  if (/^eyJ[\w-]+(?:\.[\w-]*)+$/.test(segment)) return true;
  return digit && /^[\w+-]+=*$/.test(segment) && /[a-z]/.test(segment) && /[A-Z]/.test(segment);
}

/**
 * Matches bundlers' hashes: hex of 8 or more, or eight or more base64 characters (Vite, Rollup) with a digit and both
 * cases.
 */
function isAssetHash(text: string): boolean {
  if (!/\d/.test(text)) return false;
  return /^[0-9a-f]+$/i.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text));
}
