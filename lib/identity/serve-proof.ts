import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { HOUR, SECOND } from '../util/time';

const COOKIE = 'observatory-by-serve';
const LASTS_MS = 8 * HOUR;

/**
 * A browser's proof that tailscaled has already said of a connection with the same client address that it is Tailscale
 * Serve's. Without a TUN device that question takes tailscaled 0.2 s for each new connection, and Serve opens new ones
 * all the time. Callers who forge Serve's headers on a connection that is passed on have no proof for the address
 * that they claim: it is given to that address alone, and signed for it. It says nothing about who has the address, which
 * whois is asked for as ever.
 */
export class ServeProof {
  /** Made anew by each process: after a restart each browser is asked about once more. */
  private readonly secret = randomBytes(32);

  constructor(private readonly now: () => number) {}

  /** Returns the cookie (RFC 6265, `Set-Cookie`) for a client address. */
  cookieFor(address: string): string {
    const until = this.now() + LASTS_MS;
    const value = `${until}.${this.signature(until, address).toString('base64url')}`;
    return `${COOKIE}=${value}; Path=/; Max-Age=${LASTS_MS / SECOND}; HttpOnly; SameSite=Strict`;
  }

  /** Returns whether the cookies of a request have a proof for a client address that still counts. */
  isIn(cookies: string | undefined, address: string): boolean {
    const value = new RegExp(`(?:^|; *)${COOKIE}=(\\d{1,15})\\.([\\w-]{43})(?:;|$)`).exec(
      cookies ?? '',
    );
    const [, until = '', given = ''] = value ?? [];
    if (value === null || Number(until) <= this.now()) return false;
    return timingSafeEqual(Buffer.from(given, 'base64url'), this.signature(Number(until), address));
  }

  private signature(until: number, address: string): Buffer {
    return createHmac('sha256', this.secret).update(`${until} ${address}`).digest();
  }
}
