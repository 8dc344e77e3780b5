import { z } from 'zod';
import type { Visitor } from '../../domain/access';
import { type Dictionaries, dictionariesOf } from '../../rollup/dictionaries';

/**
 * What a collector tells of the visitors and endpoints its hits refer to, and how far back its hits and roll-ups reach.
 * Visitors are called by a key that every collector of the same log gives alike.
 */
export const namesDocument = z.object({
  version: z.string(),
  /** Epoch milliseconds: hits and roll-ups from before these count as gone. */
  rawFrom: z.number(),
  rollupsFrom: z.number(),
  visitors: z.array(
    z.tuple([
      z.string(),
      z.enum(['tailnet', 'loopback', 'other']),
      z.string(),
      z
        .object({ nodeId: z.string(), device: z.string(), user: z.string(), userName: z.string() })
        .nullable(),
    ]),
  ),
  endpoints: z.array(z.string()),
});
export type NamesDocument = z.infer<typeof namesDocument>;

/** Beyond so many endpoints, of however many collectors, a cell has no number left for another. */
const MOST_ENDPOINTS = 60_000;

/** Numbers visitors and endpoints of all collectors for this process, in the order their collectors met them. */
export class Names {
  private readonly visitors: (Visitor & { collector: string })[] = [];
  private readonly visitorIds = new Map<string, number>();
  private readonly visitorKeys: string[] = [];
  private readonly endpoints: string[] = [];
  private readonly endpointIds = new Map<string, number>();
  private readonly documents = new Map<string, NamesDocument>();
  private changes = 0;
  private made: { changes: number; dictionaries: Dictionaries } | undefined;

  /** Takes over what a collector tells. */
  learn(collector: string, document: NamesDocument): void {
    this.documents.set(collector, document);
    for (const [key, kind, ip, identity] of document.visitors) {
      const visitor = this.visitors[this.visitor(collector, key)];
      if (visitor) Object.assign(visitor, { kind, ip, identity });
    }
    for (const name of document.endpoints) this.endpoint(name);
    this.changes++;
  }

  collectors(): string[] {
    return [...this.documents.keys()].sort();
  }

  document(collector: string): NamesDocument | undefined {
    return this.documents.get(collector);
  }

  /** The number of a visitor; one that no document told of is a tailnet address that nobody knows. */
  visitor(collector: string, key: string): number {
    const name = `${collector}\n${key}`;
    const known = this.visitorIds.get(name);
    if (known !== undefined) return known;
    const id = this.visitors.length;
    this.visitors.push({
      id,
      collector,
      ip: key.split('#')[0] ?? key,
      kind: 'tailnet',
      identity: null,
    });
    this.visitorIds.set(name, id);
    this.visitorKeys.push(key);
    this.changes++;
    return id;
  }

  endpoint(name: string): number {
    const known = this.endpointIds.get(name);
    if (known !== undefined) return known;
    if (this.endpoints.length >= MOST_ENDPOINTS) return this.endpoints.length - 1;
    const id = this.endpoints.length;
    this.endpoints.push(name);
    this.endpointIds.set(name, id);
    this.changes++;
    return id;
  }

  visitorKey(id: number): string {
    return this.visitorKeys[id] ?? '';
  }

  endpointName(id: number): string {
    return this.endpoints[id] ?? '';
  }

  nodes(): (string | undefined)[] {
    return this.visitors.map(({ identity }) => identity?.nodeId);
  }

  dictionaries(): Dictionaries {
    if (this.made?.changes !== this.changes) {
      const dictionaries = {
        ...dictionariesOf(String(this.changes), this.visitors, this.endpoints),
        collector: this.visitors.map(({ collector }) => collector),
      };
      this.made = { changes: this.changes, dictionaries };
    }
    return this.made.dictionaries;
  }
}
