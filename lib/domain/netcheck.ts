import type { Said } from './said';

/** What netcheck reports about our own connection. `null`: not measured. Latencies in milliseconds, by region id. */
export type Netcheck = {
  udp: boolean;
  ipv4: boolean;
  ipv6: boolean;
  /** Hard NAT: the mapping changes with the destination. */
  mappingVariesByDestIp: boolean | null;
  /** Port mapping protocols found, of `upnp`, `pmp`, `pcp`; `null` when not probed. */
  portMapping: string[] | null;
  captivePortal: boolean | null;
  preferredDerp: number | null;
  regionLatencyMs: Record<string, number>;
};

/** Region id to its code and name. */
export type DerpMap = Record<string, { code: string; name: string }>;

/** The last check, and why the one after it failed; `null`: it did not. */
export type NetworkView = {
  last: NetcheckResult | null;
  error: string | null;
  /** The error for readers of any language; a collector of the version before this sends none. */
  errorSaid?: Said | undefined;
};

export type NetcheckResult = { time: number; netcheck: Netcheck; regions: DerpMap };
