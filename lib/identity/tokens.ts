import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { TOKEN_SCOPES, type TokenScope } from '../domain/caller';
import { logger } from '../log/log';
import { LRUCache } from '../util/lru';
import { MINUTE, SECOND } from '../util/time';

const log = logger('identity');

/** Wrong tokens that an address may send per minute before it has to wait. */
const MOST_FAILURES = 10;
const WINDOW_MS = MINUTE;
const MOST_ADDRESSES = 1_000;

/** As `npm run token` writes it: a token's name, scope and SHA-256; never the token. */
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

/** The result of checking a token. */
export type TokenVerdict =
  | { kind: 'known'; name: string; scope: TokenScope }
  | { kind: 'unknown' }
  | { kind: 'blocked'; retryAfterSeconds: number };

/** The tokens of machines: those in the settings and those in the file, which may change at runtime. */
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
   * Checks a `token` sent from `address`. Every known token is compared, each in constant time. A valid one is accepted
   * however many wrong ones came from there: several senders may share a proxy's address.
   */
  check(token: string, address: string): TokenVerdict {
    const hash = createHash('sha256').update(token).digest();
    let match: KnownToken | undefined;
    for (const candidate of [...this.given, ...this.current()]) {
      if (timingSafeEqual(hash, Buffer.from(candidate.sha256, 'hex'))) match = candidate;
    }
    if (match) return { kind: 'known', name: match.name, scope: match.scope };
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
    const failed = this.failures.get(address);
    if (failed && this.now() - failed.since < WINDOW_MS) return failed;
    return { since: this.now(), count: 0 };
  }

  /** Returns the tokens in the file, rereading it after a change; none while it cannot be read. */
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
