const QUOTED = `(?:'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*")`;
const STRINGS = new RegExp(QUOTED, 'gs');
/** Only quoted strings, as in nginx.conf after the format's name. */
const ONLY_STRINGS = new RegExp(`^(?:${QUOTED}\\s*)+;?$`, 's');
const NGINX = new RegExp(
  `log_format\\s+(\\S+)\\s+(?:escape=\\w+\\s+)?((?:${QUOTED}\\s*)+)(?:;|$)`,
  'gs',
);
const APACHE = new RegExp(`^(?:LogFormat|CustomLog\\s+\\S+)\\s+(${QUOTED})`, 'is');

export type PastedFormat = { format: string; kind: 'nginx' | 'apache' | null };

/**
 * Returns the format in what was pasted: the whole directive with what a search showed around it, its quoted strings
 * alone, or the format alone. Throws an Error where there is more than one, or none.
 */
export function pastedFormat(given: string): PastedFormat {
  const text = given.trim();
  if (/\blog_format\s/.test(text)) return { format: nginxDirective(text), kind: 'nginx' };
  const apache = APACHE.exec(text)?.[1];
  if (apache !== undefined) return { format: apache.slice(1, -1), kind: 'apache' };
  if (ONLY_STRINGS.test(text) && text.includes('$')) return { format: joined(text), kind: 'nginx' };
  return { format: text, kind: null };
}

function nginxDirective(text: string): string {
  const [first, second] = [...text.matchAll(NGINX)];
  if (first === undefined) throw new Error('the log_format directive has no quoted format');
  if (second !== undefined) {
    throw new Error(
      `there are two log_format directives (${first[1]} and ${second[1]}); keep the one that access_log names`,
    );
  }
  return joined(first[2] ?? '');
}

function joined(strings: string): string {
  return (strings.match(STRINGS) ?? [])
    .map((part) => part.slice(1, -1).replace(/\\(['"\\])/g, '$1'))
    .join('');
}
