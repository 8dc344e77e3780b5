import type { TailnetStatus } from '../domain/device';
import { AppError } from '../domain/errors';
import type { MapFacts } from '../domain/inventory';
import type { DerpMap, Netcheck } from '../domain/netcheck';
import type { Said } from '../domain/said';
import type { Source } from '../domain/tailnet-view';
import type { CountedByPath } from '../domain/traffic';
import type { Whois } from '../domain/whois';

export type PingOptions = {
  /** Pings to send, 1 to 20. */
  count: number;
  /**
   * How long to wait for each, where the transport can pass that on to tailscaled; 5 s unless there are too many for
   * that.
   */
  patienceMs?: number;
};

/** A ping reply, or the reason there was none. */
export type Pong =
  | {
      ok: true;
      latencyMs: number;
      path: 'direct' | 'peer_relay' | 'relay';
      /** `ip:port` when direct or by a peer relay. */
      endpoint: string | null;
      /** When relayed: the DERP region's code, or its id where it has none. */
      relayRegion: string | null;
    }
  | { ok: false; error: string };

/**
 * A tailscaled, however it is reached. Every call has a time limit and a size limit, and fails with a `TailscaleError`
 * whose message tells the user what to do; all answers have been validated.
 */
export interface Tailscale {
  readonly source: Source;
  /** Where it is reached, in readable form: a socket path, a URL, a command. */
  readonly location: string;
  status(): Promise<TailnetStatus>;
  /**
   * Returns `null` when no node has that address. A loopback address with the port of a connection from there asks
   * whose connection tailscaled forwards, as it does without a TUN device; `null` when it forwards none.
   */
  whois(address: string, port?: number): Promise<Whois | null>;
  /** Returns one entry per ping sent. `address` is an IP of the peer. Limited to 15 s altogether. */
  ping(address: string, options: PingOptions): Promise<Pong[]>;
  netcheck(): Promise<Netcheck>;
  derpMap(): Promise<DerpMap>;
  /** Returns the bytes that tailscaled has counted since its start, by path; `null` when it does not say. */
  countedByPath(): Promise<CountedByPath | null>;
  /**
   * Gives `onMap` what the network map says of all devices: once, and again after each change, as long as the transport
   * can follow it. It ends by the signal, or when the map is to be read anew. Returns false when tailscaled does not
   * show its map.
   */
  watchMap(onMap: (map: MapFacts) => void, signal: AbortSignal): Promise<boolean>;
}

export type TailscaleFault =
  | 'unreachable'
  | 'permission'
  | 'timeout'
  | 'bad_answer'
  | 'unsupported';

/** The only error thrown by this folder. Its message is for the user and says what to do. */
export class TailscaleError extends AppError {
  override name = 'TailscaleError';
  constructor(
    readonly reason: TailscaleFault,
    message: string | Said,
    options?: ErrorOptions,
  ) {
    super('tailscale_unavailable', message, options);
  }
}
