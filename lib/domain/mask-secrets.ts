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
  // `;jsessionid=…`
  [/;[^\s;"'/?#]+/g, `;${HIDDEN}`],
  [/eyJ[\w-]{6,}(?:\.[\w-]*)*/g, HIDDEN],
  // Tokens of apps such as Telegram bots
  [/\bbot\d{5,}:[\w-]+/gi, `bot${HIDDEN}`],
  // What follows a word that such links use
  [
    /\/(reset|reset-password|password-reset|token|tokens|invite|invitation|verify|confirm|activate|magic|magic-link|unsubscribe|share|s)\/[^\s/"'?#;]+/gi,
    `/$1/${HIDDEN}`,
  ],
];

/** What is replaced last: values that are preceded by their names. */
const VALUE_RULES: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic|Digest|Negotiate|Token)\s+[\w.~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  // A cookie contains blanks.
  [/(\b(?:set-)?cookie\\?"?\s*[:=]\s*\[?\\?"?)[^"\\\]]+/gi, `$1${HIDDEN}`],
  // `"api_key":"…"`, `password: …`, `token=…`
  [
    new RegExp(`(\\b(?:${NAMES})\\\\?"?\\s*[:=]\\s*\\[?\\\\?"?)[^\\s"\\\\,&;\\]}]+`, 'gi'),
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
  for (const [pattern, replacement] of [...ADDRESS_RULES, ...PATH_RULES, ...VALUE_RULES]) {
    masked = masked.replace(pattern, replacement);
  }
  return masked.replace(WORD, (word) => (UUID.test(word) || isKey(word) ? HIDDEN : word));
}

/** Masks a path for display: removes the query, session ids and tokens; a resource's UUID may stay. */
export function maskPath(path: string): string {
  let masked = path;
  for (const [pattern, replacement] of PATH_RULES) masked = masked.replace(pattern, replacement);
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
