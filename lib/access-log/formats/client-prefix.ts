import { addressOf, hostOf, shown } from '../fields';

/** The fields before the time: who made the request, and to which host. */
export type ClientPrefix = { ip: string; host: string | null };

/** A name with a dot or a port, or `localhost`: how a virtual host is logged, and never an ident or a user. */
const HOST_NAME = /^(?=.*[a-z_])[\w.-]+(?::\d{1,5})?$/i;

/**
 * Reads the words before a line's time: `address ident user`, lighttpd's `address host user`, or, as Debian's
 * `vhost_combined` and nginx-proxy have it, `host address ident user`. A client chooses the host it requests, its
 * forwarded address and its user name, so a first word that is an address may be one it made up. Which word is the
 * client's is therefore decided by what a client cannot change: in a log that puts the host first, the second word is
 * an address on every line. Where that leaves two answers, the line is rejected with the reason.
 */
export class ClientPrefixReader {
  /** Whether lines were seen that begin with a host's name followed by an address. */
  private hostFirst = false;
  /** Whether lines were seen that begin with an address followed by a host's name and a user. */
  private hostSecond = false;
  /**
   * Whether lines were seen that have a host first, followed by what only a forwarded address can be: a list, or
   * nothing.
   */
  private forwarded = false;
  /** The host of the previous line: adjacent lines often share it. */
  private lastHost = '';

  /** Learns what `prefix` shows about all lines of its file. */
  learn(prefix: string): void {
    const [first = '', second = '', ...rest] = prefix.split(' ');
    if (rest.length === 0) return;
    const firstIs = addressOf(first) !== '';
    const secondIs = addressOf(second) !== '';
    if (!firstIs && secondIs && HOST_NAME.test(first)) this.hostFirst = true;
    if (firstIs && !secondIs && rest.length === 1 && isName(second)) this.hostSecond = true;
    const missing = second.endsWith(',') || (second === '-' && rest.length > 1);
    if (!firstIs && missing && isName(first)) this.forwarded = true;
  }

  /** Returns whether `address - …` can be trusted without further checks. */
  get plain(): boolean {
    return !this.hostFirst;
  }

  read(prefix: string): ClientPrefix | string {
    const words = prefix.split(' ');
    const [first = '', second = '', third = ''] = words;
    const ip = addressOf(first);
    const behind = words.length > 1 ? addressOf(second) : '';
    if (first.startsWith('unix:') || (second.startsWith('unix:') && ip !== '')) {
      return `not an IP address: ${shown('unix:')}`;
    }
    if (first.endsWith(',') || second.endsWith(',')) {
      return `a list of addresses, which clients write themselves, in front: ${shown(prefix)}`;
    }
    if (third.length > 1 && addressOf(third) !== '') {
      return `several addresses in front, and a client may have written any: ${shown(prefix)}`;
    }
    if (ip === '') {
      const named = first === this.lastHost || HOST_NAME.test(first) || first === '-';
      if (behind === '' || !named || this.forwarded) return `not an IP address: ${shown(first)}`;
      this.lastHost = first;
      return { ip: behind, host: hostOf(first) };
    }
    if (behind === ip) return { ip, host: null };
    if (behind !== '') return this.readTwo(first, ip, second, behind, words.length);
    if (this.isUnclear(words.length, second, third)) {
      return `the first word may be the host a client asked for: ${shown(prefix)}`;
    }
    return { ip, host: words.length >= 3 && isName(second) ? hostOf(second) : null };
  }

  private readTwo(first: string, ip: string, second: string, behind: string, words: number) {
    if (this.hostFirst && !this.hostSecond) return { ip: behind, host: hostOf(first) };
    if (this.hostSecond && !this.hostFirst && words === 3) return { ip, host: hostOf(second) };
    return `two addresses in front, and a client may have written either: ${shown(`${first} ${second}`)}`;
  }

  /**
   * Returns whether a leading address may be a host that the client chose, since no address follows where a log with
   * the host first would have one.
   */
  private isUnclear(words: number, second: string, third: string): boolean {
    if (words >= 4 && third === '-' && isName(second)) return true;
    return this.hostFirst && (words < 3 || isName(second) || (words >= 4 && third === '-'));
  }
}

/** Returns whether a word names a host, by a dot or a port. */
export function isName(word: string): boolean {
  return word !== '-' && (word.includes('.') || /:\d{1,5}$/.test(word) || word === 'localhost')
    ? HOST_NAME.test(word)
    : false;
}
