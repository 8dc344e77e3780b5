/** Keeps what was used last, up to so many bytes; and, however much it is, what somebody who holds on has used since. */
export class Bounded<K, V extends { bytes: number }> {
  /** The one used longest ago first. */
  private readonly kept = new Map<K, { value: V; used: number }>();
  private readonly holds = new Set<{ since: number }>();
  private bytes = 0;
  private uses = 0;

  constructor(private readonly most: number) {}

  get(key: K): V | undefined {
    const entry = this.kept.get(key);
    if (entry) {
      this.kept.delete(key);
      this.kept.set(key, { value: entry.value, used: this.uses++ });
    }
    return entry?.value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.kept.set(key, { value, used: this.uses++ });
    this.bytes += value.bytes;
    this.trim(key);
  }

  delete(key: K): void {
    this.bytes -= this.kept.get(key)?.value.bytes ?? 0;
    this.kept.delete(key);
  }

  /** Nothing used from now on is let go until the function it returns is called. */
  hold(): () => void {
    const hold = { since: this.uses };
    this.holds.add(hold);
    return () => {
      this.holds.delete(hold);
      this.trim();
    };
  }

  private trim(newest?: K): void {
    const held = Math.min(...[...this.holds].map(({ since }) => since));
    for (const [key, { used }] of this.kept) {
      // The newest stays, however large: somebody is about to use it.
      if (this.bytes <= this.most || used >= held || key === newest) break;
      this.delete(key);
    }
  }
}
