import { basename } from 'node:path';

/** What file names have besides a host. */
const WORDS = /^(?:access|ssl|https?|other|vhosts?|log|json|combined|nginx|apache2?|caddy|proxy)$/i;
/** The endings of log files; none of them is a top-level domain in use on anybody's server. */
const ENDING = /(?:\.(?:log|json|txt|gz|zst|xz|bz2|\d+))+$/;

/**
 * The virtual host that a log's file name says (`cloud.example.org-access.log`, `access_git.example.org.log`); `null`
 * when it says none. Only a whole domain name is one: `nextcloud_access.log` could be anything.
 */
export function hostFromName(path: string): string | null {
  const name = basename(path).toLowerCase().replace(ENDING, '');
  const rest = trimmed(name);
  const isDomain = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(rest);
  return isDomain ? rest : null;
}

/** `name` without such words, and what separates them, at either end. */
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
