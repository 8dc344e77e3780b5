import type { TailnetStatus } from '../domain/device';
import type { Judgement } from '../domain/judgement';
import {
  type CountedByPath,
  type DeviceTraffic,
  growth,
  type LastCounters,
  NO_BYTES,
  plus,
  type TrafficLook,
  type TravelledPath,
} from '../domain/traffic';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import type { Tailscale } from '../tailscale/tailscale';
import { DAY, HOUR, MINUTE } from '../util/time';
import type { Collector } from './collector';
import type { DeviceJudge } from './device-judge';
import { identityOf } from './identify-visitors';

const log = logger('traffic');
/** By which path bytes travelled is not known when nobody looked for longer than this. */
const PATH_KNOWN_MS = 2 * MINUTE;
/** A tailscaled that does not count by path is asked again after this long: it may have been updated. */
const ASK_AGAIN_MS = HOUR;

/** Counters that do not change are stored again after this long: those of devices not seen for long are forgotten. */
const RENEW_MS = DAY;

type Seen = { time: number; elapsed: number };

/** Counts what travels between our own device and each other, at each answer of tailscaled. */
export class CountTraffic implements Collector {
  readonly name = 'count_traffic';
  readonly needsTailnet = true;
  readonly schedule = '*/10 * * * * *';
  private counters: LastCounters | null = null;
  /** The last look that was stored by this process. */
  private last: Seen | null = null;
  /** The path of each device at the last look, where it was known. */
  private paths: ReadonlyMap<string, TravelledPath> = new Map();
  /** What has been counted by this process, by device, owner and path. */
  private readonly sinceStart = new Map<string, Omit<DeviceTraffic, 'from' | 'to'>>();
  private work: Promise<void> | null = null;
  private failure: unknown = null;
  private renewedAt = Number.NEGATIVE_INFINITY;
  private askAgainAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly tailscale: Pick<Tailscale, 'countedByPath'>,
    private readonly judge: Pick<DeviceJudge, 'of'>,
    private readonly store: Pick<Stores, 'traffic'>,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Restores what was last seen before a restart. */
  async restore(): Promise<void> {
    this.counters = await this.store.traffic.lastCounters();
  }

  /** Counts an answer of tailscaled; the next waits for none: counters catch up with what is left out. */
  look(status: TailnetStatus): void {
    if (this.work) return;
    this.work = this.count(status)
      .then(
        () => {
          this.failure = null;
        },
        (error: unknown) => {
          this.failure = error;
        },
      )
      .finally(() => {
        this.work = null;
      });
  }

  /** Returns what has been counted since this process started, of the devices that there are. */
  totals(): Omit<DeviceTraffic, 'from' | 'to'>[] {
    return [...this.sinceStart.values()];
  }

  /** Waits for the count that is under way. Throws why the last one failed. */
  async run(): Promise<void> {
    await this.work;
    if (this.failure !== null) throw this.failure;
  }

  private async count(status: TailnetStatus): Promise<void> {
    const seen = { time: this.now(), elapsed: this.elapsed() };
    const from = this.since(seen);
    const { devices, paths } = this.devicesOf(status, seen.time - from <= PATH_KNOWN_MS);
    const run = status.run ?? null;
    const counted = await this.counted(seen);
    const look: TrafficLook = { at: seen.time, from, run, devices, counted };
    const { traffic, counted: countedTraffic, counters, changed } = growth(this.counters, look);
    const isRenewal = seen.elapsed - this.renewedAt >= RENEW_MS;
    const present = () => devices.flatMap(({ nodeId }) => counters.devices.get(nodeId) ?? []);
    await this.store.traffic.addTraffic({
      traffic,
      counted: countedTraffic,
      counters: { ...counters, devices: isRenewal ? present() : changed },
    });
    if (isRenewal) this.renewedAt = seen.elapsed;
    this.counters = counters;
    this.last = seen;
    this.paths = paths;
    this.addUp(traffic, new Set(devices.map(({ nodeId }) => nodeId)));
  }

  private addUp(traffic: readonly DeviceTraffic[], present: ReadonlySet<string>): void {
    for (const { from: _, to: __, ...entry } of traffic) {
      const key = JSON.stringify([entry.nodeId, entry.path, entry.region]);
      this.sinceStart.set(key, { ...entry, ...plus(this.sinceStart.get(key) ?? NO_BYTES, entry) });
    }
    for (const [key, { nodeId }] of this.sinceStart) {
      if (!present.has(nodeId)) this.sinceStart.delete(key);
    }
  }

  /** Returns when the last look was, by how long ago it was where this process made it: setting the clock moves nothing. */
  private since({ time, elapsed }: Seen): number {
    if (this.last) return time - Math.max(0, elapsed - this.last.elapsed);
    return Math.min(this.counters?.at ?? time, time);
  }

  /** `areNear`: the last look was so recently that a path known at either of them is that of what is between. */
  private devicesOf(status: TailnetStatus, areNear: boolean) {
    const paths = new Map<string, TravelledPath>();
    const devices = status.devices.flatMap((device) => {
      if (device.self) return [];
      const { id: nodeId, name, tags, user, rxBytes, txBytes } = device;
      const known = travelledPath(this.judge.of(device));
      if (known) paths.set(nodeId, known);
      const path = areNear ? (known ?? this.paths.get(nodeId)) : undefined;
      const whose = identityOf({ nodeId, device: name, tags, user });
      const { user: login, userName } = whose;
      const owner = { nodeId, hostname: name, user: login, userName };
      return [{ ...owner, ...(path ?? UNKNOWN_PATH), rxBytes, txBytes }];
    });
    return { devices, paths };
  }

  /** Returns what tailscaled has counted by itself; `null` when it does not say, which keeps nothing else from counting. */
  private async counted({ elapsed }: Seen): Promise<CountedByPath | null> {
    if (elapsed < this.askAgainAt) return null;
    try {
      const counted = await this.tailscale.countedByPath();
      if (counted === null) this.askAgainAt = elapsed + ASK_AGAIN_MS;
      return counted;
    } catch (error) {
      log.debug('tailscaled did not say what it has counted', { error });
      return null;
    }
  }
}

const UNKNOWN_PATH: TravelledPath = { path: 'unknown', region: null };

/** Returns the path that traffic takes; `null` when none is known. */
function travelledPath({
  path,
  relayRegion,
}: Pick<Judgement, 'path' | 'relayRegion'>): TravelledPath | null {
  if (path === 'direct' || path === 'peer_relay') return { path, region: null };
  return path === 'relay' ? { path, region: relayRegion } : null;
}
