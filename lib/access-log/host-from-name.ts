import { basename } from 'node:path';

/** Parts of file names other than a host. */
const WORDS = /^(?:access|ssl|https?|other|vhosts?|log|json|combined|nginx|apache2?|caddy|proxy)$/i;
/** The endings of log files; none of them is a top-level domain that a server is likely to use. */
const ENDING = /(?:\.(?:log|json|txt|gz|zst|xz|bz2|\d+))+$/;

/**
 * Returns the virtual host in a log's file name (`cloud.example.org-access.log`, `access_git.example.org.log`); `null`
 * when there is none. Only a whole domain name counts: `nextcloud_access.log` could be anything.
 */
export function hostFromName(path: string): string | null {
  const name = basename(path).toLowerCase().replace(ENDING, '');
  const rest = trimmed(name);
  const isDomain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(rest);
  return isDomain ? rest : null;
}

/** Returns `name` without such words and their separators at either end. */
function trimmed(name: string): string {
  let rest = name;
  for (;;) {
    const first = /^([^._-]+)[._-]/.exec(rest);
    const last = /[._-]([^._-]+)$/.exec(rest);
    if (first?.[1] && WORDS.test(first[1])) rest = rest.slice(first[0].length);
    else if (last?.[1] && WORDS.test(last[1])) rest = rest.slice(0, -last[0].length);
    else return rest;
  }
}
