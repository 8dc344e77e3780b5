import type { Whois } from '../domain/whois';
import type { Tailscale } from '../tailscale/tailscale';
import { LRUCache } from '../util/lru';
import { MINUTE } from '../util/time';

/** An address keeps its device for longer than this, and a page looks up a dozen per second. */
const FRESH_MS = MINUTE;
/** While tailscaled does not answer, the last known answer is used. */
const USABLE_MS = 15 * MINUTE;
const MOST = 2_000;

type Known = { at: number; answer: Promise<Whois | null> };

/** Whois for the addresses of visitors: each is looked up once per minute, however many requests come. */
export class WhoisCache {
  private readonly answers = new LRUCache<string, Known>({ max: MOST });

  constructor(
    private readonly tailscale: Pick<Tailscale, 'whois'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns who holds the address; `null` when no one does. Throws `TailscaleError` when tailscaled is unavailable. */
  async whois(address: string): Promise<Whois | null> {
    const before = this.answers.get(address);
    if (before && this.now() - before.at < FRESH_MS) return before.answer;
    const at = this.now();
    const answer = this.tailscale.whois(address);
    this.answers.set(address, { at, answer });
    try {
      return await answer;
    } catch (error) {
      if (before && at - before.at < USABLE_MS) {
        this.answers.set(address, before);
        return before.answer;
      }
      this.answers.delete(address);
      throw error;
    }
  }
}
