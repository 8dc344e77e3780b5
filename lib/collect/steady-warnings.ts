import { healthWarnings } from '../domain/health-warning';
import { MINUTE } from '../util/time';

/** A warning that begins again this soon after it ended comes and goes. */
const AGAIN_WITHIN_MS = 10 * MINUTE;
/** How long one that comes and goes has to last to be news again. */
const STEADY_AFTER_MS = MINUTE;

/** Tells tailscaled's warnings that last from those that come and go: each of these begins once, and ends once. */
export class SteadyWarnings {
  /** When each ended last, and since when those last that have begun again; elapsed milliseconds. */
  private readonly endedAt = new Map<string, number>();
  private readonly againSince = new Map<string, number>();

  constructor(private readonly elapsed: () => number) {}

  /** Returns those of the current warnings that are on, given those that were. */
  of(texts: readonly string[], before: readonly string[]): string[] {
    const now = this.elapsed();
    const current = healthWarnings(texts);
    const keys = new Set(current.map(({ key }) => key));
    const were = new Set(healthWarnings(before).map(({ key }) => key));
    for (const key of [...were, ...this.againSince.keys()]) {
      if (keys.has(key)) continue;
      this.endedAt.set(key, now);
      this.againSince.delete(key);
    }
    return current.filter(({ key }) => were.has(key) || this.isSteady(key, now)).map(textOf);
  }

  private isSteady(key: string, now: number): boolean {
    const endedAt = this.endedAt.get(key);
    const since = this.againSince.get(key) ?? now;
    if (endedAt !== undefined && since - endedAt < AGAIN_WITHIN_MS) {
      this.againSince.set(key, since);
      if (now - since < STEADY_AFTER_MS) return false;
    }
    this.endedAt.delete(key);
    this.againSince.delete(key);
    return true;
  }
}

const textOf = ({ text }: { text: string }) => text;
