/** Keeps what was used last, up to so many bytes. */
export class Bounded<K, V extends { bytes: number }> {
  private readonly kept = new Map<K, V>();
  private bytes = 0;

  constructor(private readonly most: number) {}

  get(key: K): V | undefined {
    const value = this.kept.get(key);
    if (value) {
      this.kept.delete(key);
      this.kept.set(key, value);
    }
    return value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    this.kept.set(key, value);
    this.bytes += value.bytes;
    for (const [oldest] of this.kept) {
      // The newest stays, however large: somebody is about to use it.
      if (this.bytes <= this.most || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    this.bytes -= this.kept.get(key)?.bytes ?? 0;
    this.kept.delete(key);
  }
}
