import type { HostEndpoint, Visitor } from '../../domain/access';
import { type Dictionaries, dictionariesOf } from '../../rollup/dictionaries';
import type { NamesDocument } from './names-document';
import { addressOf } from './visitor-key';

/** With more endpoints, of all collectors together, a roll-up's row would have no number left for another. */
const MOST_ENDPOINTS = 60_000;

/** Assigns the numbers by which blocks and roll-ups refer to visitors and endpoints. */
export type Numbers = {
  visitor(collector: string, key: string): number;
  endpoint(endpoint: HostEndpoint): number;
};

/** Returns a key; no host has a blank. */
export const endpointKey = ({ host, endpoint }: HostEndpoint) => `${host ?? ''} ${endpoint}`;

/** Numbers visitors and endpoints of all collectors for this process, in the order their collectors met them. */
export class VisitorRegistry implements Numbers {
  private readonly visitors: (Visitor & { collector: string })[] = [];
  /** By collector and key. */
  private readonly visitorIds = new Map<string, Map<string, number>>();
  private readonly visitorKeys: string[] = [];
  private readonly endpoints: HostEndpoint[] = [];
  /** By host and name. */
  private readonly endpointIds = new Map<string, number>();
  private readonly documents = new Map<string, NamesDocument>();
  private changes = 0;
  private made: { changes: number; dictionaries: Dictionaries } | undefined;

  /** Adds the names that a collector has published. */
  learn(collector: string, document: NamesDocument): void {
    this.documents.set(collector, document);
    for (const [key, kind, ip, identity] of document.visitors) {
      const visitor = this.visitors[this.visitor(collector, key)];
      if (visitor) Object.assign(visitor, { kind, ip, identity });
    }
    for (const [i, endpoint] of document.endpoints.entries()) {
      this.endpoint({ endpoint, host: document.hosts[i] ?? null });
    }
    this.changes++;
  }

  collectors(): string[] {
    return [...this.documents.keys()].sort();
  }

  document(collector: string): NamesDocument | undefined {
    return this.documents.get(collector);
  }

  /** Returns the number of a visitor; one that no document has named is an unknown tailnet address. */
  visitor(collector: string, key: string): number {
    const existing = this.visitorIds.get(collector)?.get(key);
    if (existing !== undefined) return existing;
    const ids = this.visitorIds.get(collector) ?? new Map<string, number>();
    this.visitorIds.set(collector, ids);
    const id = this.visitors.length;
    this.visitors.push({ id, collector, ip: addressOf(key), kind: 'tailnet', identity: null });
    ids.set(key, id);
    this.visitorKeys.push(key);
    this.changes++;
    return id;
  }

  endpoint({ host, endpoint }: HostEndpoint): number {
    const key = endpointKey({ host, endpoint });
    const existing = this.endpointIds.get(key);
    if (existing !== undefined) return existing;
    if (this.endpoints.length >= MOST_ENDPOINTS) return this.endpoints.length - 1;
    const id = this.endpoints.length;
    this.endpoints.push({ host, endpoint });
    this.endpointIds.set(key, id);
    this.changes++;
    return id;
  }

  visitorKey(id: number): string {
    return this.visitorKeys[id] ?? '';
  }

  endpointOf(id: number): HostEndpoint {
    return this.endpoints[id] ?? { host: null, endpoint: '' };
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
