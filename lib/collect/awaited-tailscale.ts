import type { TailnetStatus } from '../domain/device';
import type { MapFacts } from '../domain/inventory';
import type { DerpMap, Netcheck } from '../domain/netcheck';
import { say } from '../domain/said';
import type { Source } from '../domain/tailnet-view';
import type { CountedByPath } from '../domain/traffic';
import type { Whois } from '../domain/whois';
import {
  type PingOptions,
  type Pong,
  type Tailscale,
  TailscaleError,
} from '../tailscale/tailscale';

/** A tailscaled that did not exist at the start: every call looks for it until it is found. */
export class AwaitedTailscale implements Tailscale {
  private transport: Tailscale | null = null;

  constructor(private readonly find: () => Promise<Tailscale | null>) {}

  get source(): Source | 'none' {
    return this.transport?.source ?? 'none';
  }
  get location(): string {
    return this.transport?.location ?? 'nowhere yet';
  }

  async status(): Promise<TailnetStatus> {
    return (await this.tailscale()).status();
  }
  async whois(address: string, port?: number): Promise<Whois | null> {
    return (await this.tailscale()).whois(address, port);
  }
  async ping(address: string, options: PingOptions): Promise<Pong[]> {
    return (await this.tailscale()).ping(address, options);
  }
  async netcheck(): Promise<Netcheck> {
    return (await this.tailscale()).netcheck();
  }
  async derpMap(): Promise<DerpMap> {
    return (await this.tailscale()).derpMap();
  }
  async countedByPath(): Promise<CountedByPath | null> {
    return (await this.tailscale()).countedByPath();
  }
  async watchMap(onMap: (map: MapFacts) => void, signal: AbortSignal): Promise<boolean> {
    return (await this.tailscale()).watchMap(onMap, signal);
  }

  private async tailscale(): Promise<Tailscale> {
    this.transport ??= await this.find();
    if (this.transport) return this.transport;
    throw new TailscaleError('unreachable', say('tailscaled.notFound'));
  }
}
