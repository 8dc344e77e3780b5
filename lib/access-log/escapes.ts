const ESCAPE = /(?:\\x[0-9A-Fa-f]{2})+|\\u[0-9A-Fa-f]{4}|\\["\\/bfnrtv]/g;

/**
 * Undoes the escaping of a value in the log: nginx's default `\xHH` (read as UTF-8 bytes; invalid ones become U+FFFD),
 * the `\"` `\\` `\n` `\u00HH` of `escape=json` (and of Apache). The two never collide: each mode escapes the backslash
 * itself. Source: https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
 */
export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (sequence) => {
    switch (sequence.charCodeAt(1)) {
      case 120:
        return Buffer.from(sequence.replaceAll('\\x', ''), 'hex').toString('utf8');
      case 117:
        return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
      case 34:
      case 92:
      case 47:
        return sequence.charAt(1);
      default:
        return ' ';
    }
  });
}

const JSON_ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Undoes only JSON's own escapes: escapes within the text stay. */
export function jsonUnescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|(.))/gs,
    (_, hex: string | undefined, one: string) => {
      return hex === undefined
        ? (JSON_ESCAPES[one] ?? one)
        : String.fromCharCode(Number.parseInt(hex, 16));
    },
  );
}

/**
 * Returns the index of the quote that ends the quoted text starting at `from`, or -1. A quote after a backslash does
 * not end it.
 */
export function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at > from && line.charCodeAt(at - 1) === 92) {
    let backslashes = 1;
    while (at - backslashes > from && line.charCodeAt(at - backslashes - 1) === 92) backslashes++;
    if (backslashes % 2 === 0) break;
    at = line.indexOf('"', at + 1);
  }
  return at;
}

const UNSHOWABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * Returns text that is safe to store and show: no control or text-direction characters, well formed, at most `limit`
 * units.
 */
export function printable(text: string, limit: number): string {
  return text.replace(UNSHOWABLE, '').slice(0, limit).replace(LONE_SURROGATE, '\ufffd');
}
