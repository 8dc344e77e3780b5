import type { Connection } from '../domain/connection';
import { crossedInternet, summarisePongs } from '../domain/connection-round';
import type { Device } from '../domain/device';
import type { Evidence } from '../domain/judgement';
import { type Pong, type Tailscale, TailscaleError } from '../tailscale/tailscale';
import { concurrencyLimit } from '../util/limit';

/** Pings of a full round. */
export const ROUND_PINGS = 5;
/** Consecutive unanswered pings before a device counts as silent, or relayed ones before it counts as relayed. */
export const DOUBT_PINGS = 3;
/** How long a single ping waits: the slowest relay across the world takes a second. */
const PATIENCE_MS = 2_000;

/** What pings found. */
export type Probed = {
  connection: Connection;
  /** Each in milliseconds, `null` for those without an answer. */
  pings: readonly (number | null)[];
  /** The last one that was answered directly, whichever path the others took; `null`: none. */
  direct: Pick<Connection, 'endpoint'> | null;
};

/** A moment by the wall clock, and in elapsed time, which is never set. */
type Moment = { wall: number; elapsed: number };

type Known = {
  connection: Connection;
  /** When it was pinged. */
  at: Moment;
  /** Unanswered pings since the last answer. */
  lost: number;
  /** The first of them. */
  silentSince: Moment | null;
  /** The silence is the device's: tailscaled has answered meanwhile. */
  isProven: boolean;
  /** When its current run of answers began. */
  answersSince: Moment | null;
  lastAnswered: number | null;
};

/** Pings devices, and remembers the last result for each. */
export class Prober {
  private readonly latest = new Map<string, Known>();
  /** Devices that tailscaled would not ping, or could not, the last time. */
  private readonly refused = new Set<string>();
  private readonly busy = new Map<string, Promise<Probed>>();
  private readonly limit: ReturnType<typeof concurrencyLimit>;
  /** When tailscaled was asked for the status that it answered last; before the first, it is taken to answer. */
  private heardAt = Number.POSITIVE_INFINITY;
  /** Results from before this say nothing about now: our device could not see then. */
  private trustedFrom = Number.NEGATIVE_INFINITY;
  private readonly listeners = new Set<(found: Probed) => void>();

  constructor(
    private readonly tailscale: Pick<Tailscale, 'ping'>,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
    atOnce = 50,
  ) {
    this.limit = concurrencyLimit(atOnce);
  }

  /** Calls `listener` with every result. */
  subscribe(listener: (found: Probed) => void): void {
    this.listeners.add(listener);
  }

  /** Restores when a device last answered, from before a restart. */
  restore(nodeId: string, lastAnswered: Connection): void {
    this.latest.set(nodeId, {
      connection: lastAnswered,
      at: { wall: lastAnswered.time, elapsed: Number.NEGATIVE_INFINITY },
      lost: 0,
      silentSince: null,
      isProven: false,
      answersSince: null,
      lastAnswered: lastAnswered.time,
    });
  }

  /**
   * Sends `pings` pings to a device, after those already under way to it. A ping that timed out counts as unanswered;
   * any other fault of tailscaled's says nothing about the device (`unknown`).
   */
  probe(device: Device, pings: number, patienceMs = PATIENCE_MS): Promise<Probed> {
    const before = this.busy.get(device.id)?.catch(() => {}) ?? Promise.resolve();
    const probe = before.then(() => this.limit(() => this.ping(device, pings, patienceMs)));
    this.busy.set(device.id, probe);
    const done = () => {
      if (this.busy.get(device.id) === probe) this.busy.delete(device.id);
    };
    probe.then(done, done);
    return probe;
  }

  /** Returns whether a device has been pinged, or could not be. */
  knows(nodeId: string): boolean {
    return this.latest.has(nodeId) || this.refused.has(nodeId);
  }

  isBusy(nodeId: string): boolean {
    return this.busy.has(nodeId);
  }

  /** Returns the findings of pings no older than `believedMs`; `null` when there are none. */
  evidence(nodeId: string, believedMs: number): Evidence | null {
    const round = this.latest.get(nodeId);
    if (!round) return null;
    const { connection, lastAnswered } = round;
    if (this.isCurrent(round) && this.ageMs(nodeId) <= believedMs) {
      return { connection, lastAnswered };
    }
    return { connection: { ...connection, connectionType: 'unknown' }, lastAnswered };
  }

  /** Returns when a device last answered, also before a restart; `null`: never. Epoch milliseconds. */
  lastAnswered(nodeId: string): number | null {
    return this.latest.get(nodeId)?.lastAnswered ?? null;
  }

  /** Returns whether a device has answered within the last `ms` milliseconds. */
  hasAnsweredWithin(nodeId: string, ms: number): boolean {
    const round = this.latest.get(nodeId);
    return round !== undefined && round.lost === 0 && this.elapsed() - round.at.elapsed <= ms;
  }

  /** Returns whether the last pings were not sent, so that nothing is known by them. */
  isRefused(nodeId: string): boolean {
    return this.refused.has(nodeId);
  }

  /** Returns how long ago a device was pinged; infinite when it was not since our device could see. */
  ageMs(nodeId: string): number {
    const round = this.latest.get(nodeId);
    return round && this.isCurrent(round)
      ? this.elapsed() - round.at.elapsed
      : Number.POSITIVE_INFINITY;
  }

  /**
   * Returns since when it has been silent, or has answered again after a silence; `null` when it has always answered.
   */
  since(nodeId: string): Moment | null {
    const round = this.latest.get(nodeId);
    if (!round || !this.isCurrent(round)) return null;
    const isSilent = round.connection.connectionType === 'offline';
    return isSilent ? round.silentSince : round.answersSince;
  }

  /** Returns how long a device has left pings unanswered, until the last of them; `null`: it answers, or unknown. */
  silentMs(nodeId: string): number | null {
    const round = this.latest.get(nodeId);
    if (round?.connection.connectionType !== 'offline' || !this.isCurrent(round)) return null;
    return round.silentSince && round.at.elapsed - round.silentSince.elapsed;
  }

  /** Returns what pings of the last `withinMs` show about our own connection to the internet. */
  uplink(withinMs: number): 'proven' | 'silent' | 'unknown' {
    const recent = [...this.latest.values()].filter(
      ({ at, connection }) =>
        this.elapsed() - at.elapsed <= withinMs && connection.connectionType !== 'unknown',
    );
    const answered = recent.filter(({ lost }) => lost === 0);
    if (answered.some(({ connection }) => crossedInternet(connection))) return 'proven';
    const silent = recent.every(({ lost }) => lost >= DOUBT_PINGS);
    return recent.length > 0 && silent ? 'silent' : 'unknown';
  }

  /** Notes that tailscaled has answered a question of that moment (elapsed milliseconds): it does not hang. */
  heard(askedAt: number): void {
    this.heardAt = askedAt;
  }

  /** Discards everything found so far. */
  distrust(): void {
    this.trustedFrom = this.elapsed();
  }

  /** Forgets devices that no longer exist. */
  keep(deviceIds: ReadonlySet<string>): void {
    for (const known of [this.latest, this.refused]) {
      for (const nodeId of known.keys()) if (!deviceIds.has(nodeId)) known.delete(nodeId);
    }
  }

  private isCurrent({ at }: Known): boolean {
    return at.elapsed >= this.trustedFrom && Number.isFinite(at.elapsed);
  }

  private async ping(device: Device, count: number, patienceMs: number): Promise<Probed> {
    const at = { wall: this.now(), elapsed: this.elapsed() };
    const { pings, direct, ...found } = await this.pongs(device, count, patienceMs);
    const { id: nodeId, name: hostname, txBytes, rxBytes } = device;
    const connection = { time: at.wall, nodeId, hostname, txBytes, rxBytes, ...found };
    this.note(connection, at, device.online);
    const probed = { connection, pings, direct };
    for (const listener of this.listeners) listener(probed);
    return probed;
  }

  private async pongs(device: Device, count: number, patienceMs: number) {
    try {
      const options = { count, patienceMs };
      const answers = await this.tailscale.ping(device.addresses[0] ?? '', options);
      const pongs = withUnsent(answers, count);
      const pings = pongs.map((pong) => (pong.ok ? pong.latencyMs : null));
      const direct = pongs.findLast((pong) => pong.ok && pong.path === 'direct');
      const endpoint = direct?.ok ? direct.endpoint : null;
      return { ...summarisePongs(pongs), pings, direct: direct ? { endpoint } : null };
    } catch (error) {
      if (!(error instanceof TailscaleError)) throw error;
      const silent = error.reason === 'timeout';
      const lost = { ok: false, error: 'timed out' } as const;
      const pongs = Array.from({ length: silent ? count : 0 }, () => lost);
      return { ...summarisePongs(pongs), pings: pongs.map(() => null), direct: null };
    }
  }

  private note(found: Connection, at: Moment, isListed: boolean): void {
    if (found.connectionType === 'unknown') {
      this.refused.add(found.nodeId);
      return;
    }
    this.refused.delete(found.nodeId);
    const before = this.latest.get(found.nodeId);
    const trusted = before && this.isCurrent(before) ? before : null;
    const answered = found.received > 0;
    const lost = answered ? 0 : (trusted?.lost ?? 0) + found.sent;
    const silentSince = answered ? null : (trusted?.silentSince ?? at);
    const isProven = silentSince !== null && this.isProven(silentSince, trusted, isListed);
    const isSure = answered ? isSureOfPath(found, trusted) : lost >= DOUBT_PINGS && isProven;
    const wasSilent = trusted?.connection.connectionType === 'offline';
    this.latest.set(found.nodeId, {
      connection: isSure || !trusted ? found : trusted.connection,
      at,
      lost,
      silentSince,
      isProven,
      answersSince: answered ? (wasSilent ? at : (trusted?.answersSince ?? null)) : null,
      lastAnswered: answered ? at.wall : (before?.lastAnswered ?? null),
    });
  }

  /**
   * Returns whether a silence is the device's rather than tailscaled's: that has answered since it began, and then
   * still got no answer from the device, or the coordination server lists that as offline too.
   */
  private isProven({ elapsed }: Moment, before: Known | null, isListed: boolean): boolean {
    return before?.isProven || !isListed || this.heardAt > elapsed;
  }
}

/**
 * Adds the pings that were not sent, since tailscaled had refused the one before: they would have ended as it did. An
 * expired peer is refused at once, and is as silent as one that all of them waited for.
 */
function withUnsent(pongs: readonly Pong[], count: number): Pong[] {
  const last = pongs.at(-1);
  const missing = last && !last.ok ? Math.max(0, count - pongs.length) : 0;
  return [...pongs, ...Array.from({ length: missing }, () => last).flatMap((pong) => pong ?? [])];
}

/**
 * Returns whether the path is certain. A few pongs by relay prove nothing: the first ones of a sleeping connection
 * always take it.
 */
function isSureOfPath(found: Connection, before: Known | null): boolean {
  if (found.connectionType !== 'relay' || found.sent >= DOUBT_PINGS) return true;
  const was = before?.connection.connectionType;
  return was === undefined || was === 'relay' || was === 'offline';
}
