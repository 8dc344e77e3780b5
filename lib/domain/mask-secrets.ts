const HIDDEN = '…';
/** Longer lines are cut before they are looked at: nobody is shown more. */
const LONGEST = 4_096;

/** Names of what nobody else may see, wherever they stand in front of a value. */
const NAMES = [
  'access[_-]?token|id[_-]?token|refresh[_-]?token|csrf[_-]?token|xsrf[_-]?token|token|jwt',
  'api[_-]?key|apikey|x-api-key|secret|client[_-]?secret|password|passwd|passphrase|pwd|pin|otp',
  'authorization|proxy-authorization|cookie|set-cookie|session(?:[_-]?id)?|j?sessionid|phpsessid|sid',
  'signature|sig|credentials?|private[_-]?key|referr?er|http_referr?er',
].join('|');

/** What is replaced in a line, first of all. */
const ADDRESS_RULES: readonly [RegExp, string][] = [
  // Whole addresses: referers, requests through a proxy, the pages of crawlers.
  [/\b([a-z][a-z0-9+.-]{1,20}):(?:\\?\/){2}[^\s"']*/gi, `$1://${HIDDEN}`],
  // Queries and fragments, also written in percent or hex.
  [/(\?|%3f|\\x3f|\\u003f)(?=[^\s"])(?:[^"]*?(?= HTTP\/\d)|[^\s"]*)/gi, `$1${HIDDEN}`],
  [/(?<=[^\s"'])#[^\s"']+/g, `#${HIDDEN}`],
  // `name:password@`
  [/[^\s/"'@:]+:[^\s/"'@]+@/g, `${HIDDEN}@`],
];

/** What a path may hold, whichever way it is shown. */
const PATH_RULES: readonly [RegExp, string][] = [
  // `;jsessionid=…`
  [/;[^\s;"'/?#]+/g, `;${HIDDEN}`],
  [/eyJ[\w-]{6,}(?:\.[\w-]*)*/g, HIDDEN],
  // Telegram's and others' tokens of an app
  [/\bbot\d{5,}:[\w-]+/gi, `bot${HIDDEN}`],
  // What follows a word for such links
  [
    /\/(reset|reset-password|password-reset|token|tokens|invite|invitation|verify|confirm|activate|magic|magic-link|unsubscribe|share|s)\/[^\s/"'?#;]+/gi,
    `/$1/${HIDDEN}`,
  ],
];

/** What is replaced at last: values that are named as what they are. */
const VALUE_RULES: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic|Digest|Negotiate|Token)\s+[\w.~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  // A cookie has blanks in it.
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
 * A log line, or a part of one, for people's eyes: without queries, fragments, credentials, session ids, tokens, whole
 * addresses such as referers, and whatever in a path looks like a key. What kind of line it is can still be seen.
 */
export function maskSecrets(text: string): string {
  let masked = text.length > LONGEST ? `${text.slice(0, LONGEST)}${HIDDEN}` : text;
  for (const [pattern, replacement] of [...ADDRESS_RULES, ...PATH_RULES, ...VALUE_RULES]) {
    masked = masked.replace(pattern, replacement);
  }
  return masked.replace(WORD, (word) => (UUID.test(word) || isKey(word) ? HIDDEN : word));
}

/** A path without its query, for people's eyes: session ids and tokens go, a resource's UUID may stay. */
export function maskPath(path: string): string {
  let masked = path;
  for (const [pattern, replacement] of PATH_RULES) masked = masked.replace(pattern, replacement);
  return masked.replace(WORD, (word) => (!UUID.test(word) && isKey(word) ? HIDDEN : word));
}

/**
 * Whether a long word is random rather than chosen by people: how often it goes from letters to digits and back, or
 * from small letters to capitals. Names do that at their seams only (`photo-album-2024-11-20`, `IMG_20241120_101112`).
 */
function isKey(word: string): boolean {
  if (!/\d/.test(word)) return false;
  const changes = word.match(/[a-z](?=[0-9A-Z])|[A-Z](?=[0-9])|[0-9](?=[a-zA-Z])/g)?.length ?? 0;
  return changes >= Math.max(4, word.length / 6);
}
