/** How bytes travelled; `unknown`: no path was known when they were counted. */
export const TRAFFIC_PATHS = ['direct', 'peer_relay', 'relay', 'unknown'] as const;
export type TrafficPath = (typeof TRAFFIC_PATHS)[number];

/** Bytes as our own device sees them: received from others, and sent to them. */
export type Bytes = { rxBytes: number; txBytes: number };

export const NO_BYTES: Bytes = { rxBytes: 0, txBytes: 0 };

export const bytesOf = ({ rxBytes, txBytes }: Bytes): number => rxBytes + txBytes;

export const plus = (a: Bytes, b: Bytes): Bytes => ({
  rxBytes: a.rxBytes + b.rxBytes,
  txBytes: a.txBytes + b.txBytes,
});

/** What tailscaled itself has counted since its start, by path. */
export type CountedByPath = Readonly<Partial<Record<TrafficPath, Bytes>>>;

/** A path as traffic is counted by it. `region`: the DERP region's code, where it is known. */
export type TravelledPath = { path: TrafficPath; region: string | null };

/** Whose traffic it is: the device, and whose that was. `user`: a login, or the tags of a tagged device. */
type TrafficOwner = { nodeId: string; hostname: string; user: string; userName: string };

/** What travelled in the period that began at `start`, of one owner by one path; epoch milliseconds. */
export type TrafficSum = TrafficOwner & TravelledPath & Bytes & { start: number };

/** What tailscaled counted by itself in that period. */
export type CountedSum = Bytes & { start: number; path: TrafficPath };

/** What travelled between our own device and another from one time to another; epoch milliseconds. */
export type DeviceTraffic = TrafficOwner & TravelledPath & Bytes & { from: number; to: number };

/** What travelled in all between our own device and another, by one path. */
export type TrafficTotal = Bytes & { nodeId: string; path: TrafficPath };

/** What tailscaled counted by itself in that time. */
export type CountedTraffic = Bytes & { path: TrafficPath; from: number; to: number };

/**
 * A device's counters as last seen. `run`: the run of tailscaled that counted, where that is known; counters begin
 * anew with each.
 */
export type SeenCounters = Bytes & { nodeId: string; run: string | null };

/** What the next look is compared with. */
export type LastCounters = {
  /** When it was seen; epoch milliseconds. */
  at: number;
  devices: ReadonlyMap<string, SeenCounters>;
  counted: { run: string | null; byPath: CountedByPath } | null;
};

/** What one look has found. */
export type TrafficLook = {
  at: number;
  /** Since when the counters may have grown: the last look. */
  from: number;
  run: string | null;
  devices: readonly (TrafficOwner & TravelledPath & Bytes)[];
  /** `null`: tailscaled does not say, or has not answered. */
  counted: CountedByPath | null;
};

/** What a look adds to the ledger, and what the next is to be compared with. */
export type TrafficGrowth = {
  traffic: DeviceTraffic[];
  counted: CountedTraffic[];
  counters: LastCounters;
  /** Counters that differ from those before. */
  changed: SeenCounters[];
};

/**
 * Returns how far counters have grown. They begin anew, from zero, with each run of tailscaled, when a device gets
 * another key, and when tailscaled forgets an idle device. Where that shows, all that is counted now is new; where it
 * does not, the difference is the least that it can be: no byte is counted twice.
 */
function grown(before: SeenCounters | undefined, now: Bytes, run: string | null): Bytes {
  if (!before) return now;
  const anotherRun = before.run !== null && run !== null && before.run !== run;
  const rxBytes = now.rxBytes - before.rxBytes;
  const txBytes = now.txBytes - before.txBytes;
  return anotherRun || rxBytes < 0 || txBytes < 0 ? now : { rxBytes, txBytes };
}

/**
 * Compares a look with what was seen before. Without anything before, it is only where counting begins: when those
 * bytes travelled is not known.
 */
export function growth(before: LastCounters | null, look: TrafficLook): TrafficGrowth {
  const { at, from, run } = look;
  // Counters of a device that is missing may go on when it is back.
  const devices = new Map(before?.devices);
  const traffic: DeviceTraffic[] = [];
  const changed: SeenCounters[] = [];
  for (const { rxBytes, txBytes, ...whose } of look.devices) {
    const { nodeId } = whose;
    const last = devices.get(nodeId);
    const bytes = before ? grown(last, { rxBytes, txBytes }, run) : NO_BYTES;
    if (bytesOf(bytes) > 0) traffic.push({ ...whose, ...bytes, from, to: at });
    if (last?.rxBytes === rxBytes && last.txBytes === txBytes && last.run === run) continue;
    const seen = { nodeId, run, rxBytes, txBytes };
    devices.set(nodeId, seen);
    changed.push(seen);
  }
  const counted = countedGrowth(before, look);
  const nowCounted = look.counted && { run, byPath: look.counted };
  const counters = { at, devices, counted: nowCounted ?? before?.counted ?? null };
  return { traffic, counted, counters, changed };
}

/** Compares what tailscaled counted by itself: all of its counters begin anew at once. */
function countedGrowth(
  before: LastCounters | null,
  { counted: now, run, at, from }: TrafficLook,
): CountedTraffic[] {
  const last = before?.counted;
  if (!now || !last) return [];
  const anotherRun = last.run !== null && run !== null && last.run !== run;
  const growths = TRAFFIC_PATHS.map((path) => {
    const bytes = now[path] ?? NO_BYTES;
    return { path, bytes, more: minus(bytes, last.byPath[path] ?? NO_BYTES) };
  });
  const isAnew = anotherRun || growths.some(({ more }) => more.rxBytes < 0 || more.txBytes < 0);
  return growths
    .map(({ path, bytes, more }) => ({ path, ...(isAnew ? bytes : more), from, to: at }))
    .filter((entry) => bytesOf(entry) > 0);
}

const minus = (a: Bytes, b: Bytes): Bytes => ({
  rxBytes: a.rxBytes - b.rxBytes,
  txBytes: a.txBytes - b.txBytes,
});
