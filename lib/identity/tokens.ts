import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { TOKEN_SCOPES, type TokenScope } from '../domain/caller';
import { logger } from '../log/log';
import { LRUCache } from '../util/lru';
import { MINUTE, SECOND } from '../util/time';

const log = logger('identity');

/** Wrong tokens an address may send in a minute before it is told to wait. */
const MOST_FAILURES = 10;
const WINDOW_MS = MINUTE;
const MOST_ADDRESSES = 1_000;

/** As `npm run token` writes it: what a token is called and for, and its SHA-256; never the token. */
const fileSchema = z.array(
  z.object({
    name: z.string().min(1),
    scope: z.enum(TOKEN_SCOPES),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    created_at: z.iso.datetime(),
  }),
);
type KnownToken = { name: string; scope: TokenScope; sha256: string };
type Failures = { since: number; count: number };

/** What became of a token that somebody sent. */
export type TokenVerdict =
  | { kind: 'known'; name: string; scope: TokenScope }
  | { kind: 'unknown' }
  | { kind: 'blocked'; retryAfterSeconds: number };

/** The tokens of machines: those of the settings and those in the file, which may change while we run. */
export class Tokens {
  private inFile: KnownToken[] = [];
  private seen = '';
  private readonly failures = new LRUCache<string, Failures>({ max: MOST_ADDRESSES });

  constructor(
    private readonly file: string,
    private readonly given: readonly KnownToken[],
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Whether `token`, sent from `address`, is one of ours. All are compared, each in constant time. A right one counts
   * however many wrong ones came from there: several senders may share a proxy's address.
   */
  check(token: string, address: string): TokenVerdict {
    const hash = createHash('sha256').update(token).digest();
    let found: KnownToken | undefined;
    for (const known of [...this.given, ...this.current()]) {
      if (timingSafeEqual(hash, Buffer.from(known.sha256, 'hex'))) found = known;
    }
    if (found) return { kind: 'known', name: found.name, scope: found.scope };
    const failures = this.failuresOf(address);
    if (failures.count >= MOST_FAILURES) {
      const left = failures.since + WINDOW_MS - this.now();
      return { kind: 'blocked', retryAfterSeconds: Math.max(1, Math.ceil(left / SECOND)) };
    }
    failures.count++;
    this.failures.set(address, failures);
    return { kind: 'unknown' };
  }

  private failuresOf(address: string): Failures {
    const known = this.failures.get(address);
    if (known && this.now() - known.since < WINDOW_MS) return known;
    return { since: this.now(), count: 0 };
  }

  /** The tokens in the file, read again when it has changed; none while it cannot be read. */
  private current(): KnownToken[] {
    try {
      const { mtimeMs, size, ino } = statSync(this.file);
      const seen = `${mtimeMs} ${size} ${ino}`;
      if (seen === this.seen) return this.inFile;
      this.seen = seen;
      this.inFile = fileSchema.parse(JSON.parse(readFileSync(this.file, 'utf8')));
    } catch (error) {
      this.inFile = [];
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') this.seen = '';
      else log.error(`${this.file} cannot be used, so its tokens do not count`, { error });
    }
    return this.inFile;
  }
}
