import type { Connection } from '../domain/connection';
import type { Device } from '../domain/device';
import { isBlind } from '../domain/own-device';
import { criticalDevices, isForgotten, type Unmatched, unmatchedWords } from '../domain/watched';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import { MINUTE } from '../util/time';
import type { Collector } from './collector';
import { type Probed, type Prober, ROUND_PINGS } from './prober';
import type { TailnetWatch } from './tailnet-watch';

const log = logger('tailnet');
/** How many rounds are searched for a direct path after a restart: a day at the usual interval. */
const ROUNDS_REMEMBERED = 288;
/** How long a round waits for a ping. */
const PATIENCE_MS = 3_000;
/** Rounds by relay that prove it: an alert needs two in a row, and an evaluation may miss one. */
const RELAY_PROVEN = 3;

/** How a device was reached directly, last. */
type Direct = Pick<Connection, 'time' | 'connectionType' | 'endpoint'>;

/**
 * Pings every critical device each round and then reads the status: a path is judged on a peer that has just been
 * active.
 */
export class ConnectionMetrics implements Collector {
  readonly name = 'collect_connection_metrics';
  readonly needsTailnet = true;
  /** The last full round of each device, by its id. */
  readonly last = new Map<string, Connection>();
  /**
   * The last direct path, by pings or by the status, and the last answered round before the latest, for alerts to
   * compare with, by device id.
   */
  readonly earlier = new Map<string, { direct: Direct | null; answered: Connection | null }>();
  /** The rounds of the last half hour, oldest first, by device id. */
  readonly recent = new Map<string, Connection[]>();
  /** Each ping of the last round in milliseconds, `null` for those without an answer, by device id. */
  readonly pings = new Map<string, readonly (number | null)[]>();

  /** How many of the last rounds in a row went by relay, by device id. */
  private readonly relayRounds = new Map<string, number>();
  /** Entries of `CRITICAL_NODES` that were said to match nothing. */
  private readonly warned = new Set<string>();
  private readonly choices = new WeakMap<readonly Device[], ReturnType<typeof criticalDevices>>();

  constructor(
    readonly schedule: string,
    private readonly prober: Prober,
    private readonly watch: TailnetWatch,
    private readonly store: Pick<Stores, 'connections'>,
    private readonly entries: readonly string[],
    private readonly now: () => number = Date.now,
  ) {
    prober.subscribe((found) => this.note(found));
  }

  /** Restores the last rounds from before a restart. */
  async restore(): Promise<void> {
    const { connections } = this.store;
    for (const round of await connections.lastConnections()) {
      this.last.set(round.nodeId, round);
      const rounds = await connections.recentRounds(round.nodeId, ROUNDS_REMEMBERED);
      this.recent.set(round.nodeId, lastHalfHour(rounds.toReversed(), round.time));
      const [, ...before] = rounds;
      const direct = before.find((past) => past.connectionType === 'direct') ?? null;
      const answered = rounds.find((past) => past.received > 0) ?? null;
      this.earlier.set(round.nodeId, { direct, answered });
      const inOtherWays = rounds.findIndex(({ connectionType }) => connectionType !== 'relay');
      this.relayRounds.set(round.nodeId, inOtherWays < 0 ? rounds.length : inOtherWays);
      if (answered) this.prober.restore(round.nodeId, answered);
    }
  }

  /** Returns those of `devices` that are pinged each round. */
  critical(devices: readonly Device[]): Device[] {
    return this.chosen(devices).critical;
  }

  /** Returns entries of `CRITICAL_NODES` that match no device. */
  unmatched(devices: readonly Device[]): Unmatched[] {
    return this.chosen(devices).unmatched;
  }

  /** Returns whether `CRITICAL_NODES` names the critical devices. */
  get areNamed(): boolean {
    return this.entries.length > 0;
  }

  private chosen(devices: readonly Device[]): ReturnType<typeof criticalDevices> {
    const before = this.choices.get(devices);
    if (before) return before;
    const chosen = criticalDevices(devices, this.entries);
    this.choices.set(devices, chosen);
    // While our own device cannot see others, nothing is said about them.
    if (!isBlind(this.watch.view().own.state)) {
      for (const unmatched of chosen.unmatched) this.warnOnce(unmatched);
    }
    return chosen;
  }

  private warnOnce(unmatched: Unmatched): void {
    if (this.warned.has(unmatched.entry)) return;
    this.warned.add(unmatched.entry);
    log.warn(unmatchedWords(unmatched));
  }

  async run(): Promise<void> {
    const time = this.now();
    if (!this.watch.view().status) await this.watch.run();
    const devices = this.watch.view().status?.devices ?? [];
    const expected = this.critical(devices).filter(
      (device) => !isForgotten(device, this.prober.lastAnswered(device.id), time),
    );
    if (expected.length === 0) return;
    const probes = expected.map((device) => this.prober.probe(device, ROUND_PINGS, PATIENCE_MS));
    const results = await Promise.all(probes);
    await this.watch.run();
    const { status, own } = this.watch.view();
    const after = new Map(status?.devices.map((device) => [device.id, device]));
    const rounds = results.map(({ connection }): Connection => {
      const { txBytes, rxBytes } = after.get(connection.nodeId) ?? connection;
      // Silence while our own device cannot see says nothing about the others.
      const silenced = isBlind(own.state) && connection.connectionType === 'offline';
      const said = silenced ? { connectionType: 'unknown' as const, sent: 0 } : {};
      return { ...connection, time, txBytes, rxBytes, ...said };
    });
    await this.store.connections.addConnections(rounds);
    for (const round of rounds) this.remember(round);
  }

  /** Pings one device for a full round, now; nothing is stored. Throws `TailscaleError`. */
  async ping(device: Device): Promise<Connection> {
    return (await this.prober.probe(device, ROUND_PINGS, PATIENCE_MS)).connection;
  }

  /** Notes which devices the status shows to be reached directly: pings may find them relayed from the first on. */
  look(): void {
    for (const device of this.critical(this.watch.view().status?.devices ?? [])) {
      const { id, path, endpoint } = device;
      if (path === 'direct') this.noteDirect(id, { time: this.now(), endpoint });
    }
  }

  /** Returns whether a device that was reached directly may be relayed now, and more rounds have to prove it. */
  lacksProofOfRelay(nodeId: string): boolean {
    const wasDirect = this.last.get(nodeId)?.connectionType === 'direct';
    const isNews = wasDirect || (this.earlier.get(nodeId)?.direct ?? null) !== null;
    return isNews && (this.relayRounds.get(nodeId) ?? 0) < RELAY_PROVEN;
  }

  private note({ connection: round, pings, direct }: Probed): void {
    const { nodeId, connectionType, time } = round;
    if (connectionType === 'unknown') return;
    const isFull = round.sent >= ROUND_PINGS;
    // Too few to judge by, or on the way to another path, but enough to know that it can be reached directly.
    if (direct && !(isFull && connectionType === 'direct')) {
      this.noteDirect(nodeId, { time, ...direct });
    }
    if (connectionType === 'direct' || connectionType === 'peer_relay') {
      this.relayRounds.delete(nodeId);
    }
    if (!isFull) return;
    if (connectionType === 'relay') {
      this.relayRounds.set(nodeId, (this.relayRounds.get(nodeId) ?? 0) + 1);
    }
    const before = this.last.get(nodeId);
    const earlier = { ...(this.earlier.get(nodeId) ?? { direct: null, answered: null }) };
    if (before?.connectionType === 'direct') earlier.direct = latest(before, earlier.direct);
    if (before && before.received > 0) earlier.answered = before;
    this.earlier.set(nodeId, earlier);
    this.last.set(nodeId, round);
    this.pings.set(nodeId, pings);
  }

  private noteDirect(nodeId: string, { time, endpoint }: Omit<Direct, 'connectionType'>): void {
    const { answered = null } = this.earlier.get(nodeId) ?? {};
    this.earlier.set(nodeId, { answered, direct: { time, endpoint, connectionType: 'direct' } });
  }

  private remember(round: Connection): void {
    const recent = [...(this.recent.get(round.nodeId) ?? []), round];
    this.recent.set(round.nodeId, lastHalfHour(recent, round.time));
  }
}

const lastHalfHour = (rounds: readonly Connection[], until: number) =>
  rounds.filter(({ time }) => Math.abs(until - time) < 30 * MINUTE);

const latest = (one: Direct, other: Direct | null) =>
  other !== null && other.time > one.time ? other : one;
