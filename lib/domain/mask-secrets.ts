const HIDDEN = '…';
/** Longer lines are truncated before masking: no more than this is shown. */
const LONGEST = 4_096;

/** Names of values that must stay secret, wherever they precede a value. */
const NAMES = [
  'access[_-]?token|id[_-]?token|refresh[_-]?token|csrf[_-]?token|xsrf[_-]?token|token|jwt',
  'api[_-]?key|apikey|x-api-key|secret|client[_-]?secret|password|passwd|passphrase|pwd|pin|otp',
  'authorization|proxy-authorization|cookie|set-cookie|session(?:[_-]?id)?|j?sessionid|phpsessid|sid',
  'signature|sig|credentials?|private[_-]?key|referr?er|http_referr?er',
].join('|');

/** Names that often have others before them (`X-Plex-Token`, `authToken`, `request_Cookie`). */
const ENDINGS =
  'token|secret|password|passwd|api[_-]?key|[_-]key|authorization|session(?:[_-]?id)?';

/** What is replaced first in a line. */
const ADDRESS_RULES: readonly [RegExp, string][] = [
  // Whole addresses: referers, requests through a proxy, pages of crawlers.
  [/\b([a-z][a-z0-9+.-]{1,20}):(?:\\?\/){2}[^\s"']*/gi, `$1://${HIDDEN}`],
  // Queries and fragments, also percent- or hex-encoded.
  [/(\?|%3f|\\x3f|\\u003f)(?=[^\s"])(?:[^"]*?(?= HTTP\/\d)|[^\s"]*)/gi, `$1${HIDDEN}`],
  [/(?<=[^\s"'])#[^\s"']+/g, `#${HIDDEN}`],
  // `name:password@`
  [/[^\s/"'@:]+:[^\s/"'@]+@/g, `${HIDDEN}@`],
];

/** What a path may hold, however it is shown. */
const PATH_RULES: readonly [RegExp, string][] = [
  // `;jsessionid=…`, `(S(…))` of ASP.NET
  [/;[^\s;"'/?#]+/g, `;${HIDDEN}`],
  [/\(S\([^)\s]*\)\)/g, HIDDEN],
  // A query that was encoded once more
  [/(%3f)[^\s/"'?#;]+/gi, `$1${HIDDEN}`],
  // `name:password@`, also encoded
  [/(?<=^|[\s/"'])[^\s/"'@:]+(?::|%3a)[^\s/"'@]{1,200}(@|%40)/gi, `${HIDDEN}$1`],
  [/eyJ[\w-]{6,}(?:\.[\w-]*)*/g, HIDDEN],
  // Keys that are known by how they begin
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|tskey-|AKIA|ASIA|AIza|ya29\.|sk[-_]|hf_|npm_|pypi-)[\w-]{10,}/g,
    HIDDEN,
  ],
  // Tokens of apps such as Telegram bots
  [/\bbot\d{5,}:[\w-]+/gi, `bot${HIDDEN}`],
  // Slack's webhooks, Nextcloud's public shares and calendars
  [/(\/services\/T\w+\/B\w+\/)\w+/g, `$1${HIDDEN}`],
  [/(\/public\.php\/dav\/files\/|\/apps\/calendar\/(?:p|embed)\/)[^\s/"'?#;]+/g, `$1${HIDDEN}`],
];
/** `token=…` in a path. */
const NAMED_IN_PATH = new RegExp(`(\\b(?:${NAMES})=)[^/&;]+`, 'gi');

/** Words of links that only their receiver has, in whole segments: the two segments behind them are secret. */
const LINKS =
  /^(?:(?:password[-_]?)?reset(?:[-_]?password)?|lostpassword|forgot(?:[-_]?password)?|recover(?:y|[-_]account)?|(?:verify|confirm|activate)(?:[-_]?[\w-]+)?|verification|confirmation|activation|(?:incoming)?webhooks?(?:[-_]test|b\d)?|hooks?)$/i;
/** Words that a secret follows. */
const SURE =
  /^(?:(?:\w+[-_])?tokens?|invit(?:e|es|ation|ations)|shares?|sharing|s|magic(?:[-_]?link)?|secrets?|otp|api[-_]?keys?|opds|public[-_]?(?:files|calendars|preview|dashboards))$/i;
/** Words that a secret may follow: what looks like one. */
const PERHAPS =
  /^(?:shared|join|sessions?|keys?|call|room|feeds?|rss|private|push|ping|edit|f|l|i|embed|login|callback|links?|sends?|access|hls|f[bs](?:download|sharing))$/i;
/** Words between such a word and the secret. */
const NO_SECRET =
  /^(?:form|new|list|all|me|set|create|delete|accept|request|resend|done|success|index(?:\.\w+)?)$/i;
/** A letter, a digit, and no end of a file's name. */
const TOKEN_LIKE = /^(?=.*\d)(?=.*[a-z])(?!.*\.[a-z]{1,5}$)[\w~.=-]{8,}$/i;
const PATH = /(?:\/[^\s/"'?#;]*)+/g;

/** Returns how many segments behind a word are secret. */
function secretsBehind(word: string): number {
  // Whose, from what, and the token
  if (/^unsubscribe/i.test(word)) return 3;
  if (LINKS.test(word)) return 2;
  return SURE.test(word) ? 1 : 0;
}

/** Masks the segments of a path that follow a word which says that they are secret. */
function maskSegments(path: string): string {
  const segments = path.split('/');
  let sure = 0;
  let perhaps = 0;
  for (const [at, segment] of segments.entries()) {
    if (segment === '') continue;
    const own = secretsBehind(segment);
    if (own > 0) {
      sure = own;
      perhaps = own;
    } else if (PERHAPS.test(segment)) perhaps = Math.max(1, sure);
    else if (sure > 0 || perhaps > 0) {
      if (NO_SECRET.test(segment)) continue;
      if (sure > 0 || TOKEN_LIKE.test(segment)) segments[at] = HIDDEN;
      sure--;
      perhaps--;
    }
  }
  return segments.join('/');
}

/** What is replaced last: values that are preceded by their names. */
const VALUE_RULES: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic|Digest|Negotiate|Token)\s+[\w.~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  // A cookie contains blanks.
  [/((?:\b|_)(?:set-)?cookie\\?"?\s*[:=]\s*\[?\\?"?)[^"\\\]]+/gi, `$1${HIDDEN}`],
  // Queries and bodies in fields of their own
  [
    /(\b(?:args|qs|(?:request_)?query(?:_string)?|request_body|post_data)\\?"\s*:\s*\\?")(?:[^"\\]|\\[^"])+/gi,
    `$1${HIDDEN}`,
  ],
  // `"api_key":"…"`, `password: …`, `token=…`
  [
    new RegExp(
      `(\\b(?:${NAMES}|[\\w-]{0,40}?(?:${ENDINGS}))\\\\?"?\\s*[:=]\\s*\\[?\\\\?"?)[^\\s"\\\\,&;\\]}]+`,
      'gi',
    ),
    `$1${HIDDEN}`,
  ],
];

/** Long enough for a key. */
const WORD = /[\w~+=-]{16,}/g;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Masks a log line, or a part of one, for display: removes queries, fragments, credentials, session ids, tokens, whole
 * addresses such as referers, and whatever in a path looks like a key. The kind of line stays recognisable.
 */
export function maskSecrets(text: string): string {
  let masked = text.length > LONGEST ? `${text.slice(0, LONGEST)}${HIDDEN}` : text;
  for (const [pattern, replacement] of [...ADDRESS_RULES, ...PATH_RULES]) {
    masked = masked.replace(pattern, replacement);
  }
  masked = masked.replace(PATH, maskSegments);
  for (const [pattern, replacement] of VALUE_RULES) masked = masked.replace(pattern, replacement);
  return masked.replace(WORD, (word) => (UUID.test(word) || isKey(word) ? HIDDEN : word));
}

/** Masks a path for display: removes the query, session ids and tokens; a resource's UUID may stay. */
export function maskPath(path: string): string {
  let masked = path;
  for (const [pattern, replacement] of PATH_RULES) masked = masked.replace(pattern, replacement);
  masked = maskSegments(masked.replace(NAMED_IN_PATH, `$1${HIDDEN}`));
  return masked.replace(WORD, (word) => (!UUID.test(word) && isKey(word) ? HIDDEN : word));
}

/**
 * Returns whether a long word is random rather than chosen by people, by how often it alternates between letters and
 * digits, or between lower and upper case. Names do that only between their parts (`photo-album-2024-11-20`,
 * `IMG_20241120_101112`).
 */
function isKey(word: string): boolean {
  if (!/\d/.test(word)) return false;
  const changes = word.match(/[a-z](?=[0-9A-Z])|[A-Z](?=[0-9])|[0-9](?=[a-zA-Z])/g)?.length ?? 0;
  return changes >= Math.max(4, word.length / 6);
}
