import { type Connection, summarisePongs } from '../domain/connection';
import type { Device } from '../domain/device';
import type { Stores } from '../store/ports/stores';
import { type Tailscale, TailscaleError } from '../tailscale/tailscale';
import type { Collector } from './collector';
import type { TailnetWatch } from './tailnet-watch';

const PINGS = 5;
/** So many nodes are pinged at a time: those that hang leave room for the others. */
const AT_ONCE = 25;
const MOST_NODES = 50;
/** How far back a direct path is looked for after a restart: a day at the usual interval. */
const ROUNDS_REMEMBERED = 288;
/** Nobody expects these to answer all day. */
const CARRIED_ABOUT = new Set(['ios', 'android', 'macos', 'windows', 'tvos']);

/** The nodes worth a ping each round: those named, or every own node that is not a phone or laptop, at most 50. */
export function criticalNodes(devices: readonly Device[], named: readonly string[]): Device[] {
  const pingable = devices.filter((device) => !device.self && device.addresses.length > 0);
  if (named.length > 0) {
    return pingable.filter((device) => named.includes(device.hostname)).slice(0, MOST_NODES);
  }
  return pingable
    .filter(
      (device) => device.classification === 'own' && !CARRIED_ABOUT.has(device.os.toLowerCase()),
    )
    .slice(0, MOST_NODES);
}

/** Pings every critical node each round and then looks at the status: a path is judged on a peer that just spoke. */
export class ConnectionMetrics implements Collector {
  readonly name = 'collect_connection_metrics';
  /** The last round of each node, by node id. */
  readonly last = new Map<string, Connection>();
  /** The last round before that which an alert compares with, by node id. */
  readonly earlier = new Map<string, { direct: Connection | null; answered: Connection | null }>();
  /** The rounds of the last half hour, oldest first, by node id. */
  readonly recent = new Map<string, Connection[]>();
  /** Each ping of the last round in milliseconds, `null` for those without an answer, by node id. */
  readonly pings = new Map<string, (number | null)[]>();

  constructor(
    readonly schedule: string,
    private readonly tailscale: Tailscale,
    private readonly watch: TailnetWatch,
    private readonly store: Pick<Stores, 'connections'>,
    private readonly named: readonly string[],
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes over the last rounds from before a restart. */
  async restore(): Promise<void> {
    for (const round of await this.store.connections.lastConnections()) {
      this.last.set(round.nodeId, round);
      const rounds = await this.store.connections.recentRounds(round.nodeId, ROUNDS_REMEMBERED);
      this.recent.set(round.nodeId, lastHalfHour(rounds.toReversed(), round.time));
      const [, ...before] = rounds;
      const direct = before.find((past) => past.connectionType === 'direct') ?? null;
      const answered = before.find((past) => past.received > 0) ?? null;
      this.earlier.set(round.nodeId, { direct, answered });
    }
  }

  /** Those of `devices` that are pinged each round. */
  critical(devices: readonly Device[]): Device[] {
    return criticalNodes(devices, this.named);
  }

  async run(): Promise<void> {
    const time = this.now();
    if (!this.watch.view().status) await this.watch.run();
    const devices = this.watch.view().status?.devices ?? [];
    const waiting = this.critical(devices);
    const rounds: Connection[] = [];
    const worker = async () => {
      for (let device = waiting.shift(); device; device = waiting.shift()) {
        rounds.push(await this.round(device, time));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (rounds.length === 0) return;
    await this.watch.run();
    const after = new Map(this.watch.view().status?.devices.map((d) => [d.id, d]));
    for (const round of rounds) {
      const { txBytes = 0, rxBytes = 0, online = true } = after.get(round.nodeId) ?? {};
      Object.assign(round, { txBytes, rxBytes });
      if (!online) round.connectionType = 'offline';
    }
    await this.store.connections.addConnections(rounds);
    for (const round of rounds) this.remember(round);
  }

  /** One round to one node, now; nothing is stored. Throws `TailscaleError` when tailscaled cannot be asked. */
  async ping(device: Device): Promise<Connection> {
    const pongs = await this.tailscale.ping(device.addresses[0] ?? '', { count: PINGS });
    this.pings.set(
      device.id,
      pongs.map((pong) => (pong.ok ? pong.latencyMs : null)),
    );
    const { id: nodeId, hostname, txBytes, rxBytes } = device;
    return { time: this.now(), nodeId, hostname, txBytes, rxBytes, ...summarisePongs(pongs) };
  }

  private remember(round: Connection): void {
    const before = this.last.get(round.nodeId);
    const earlier = this.earlier.get(round.nodeId) ?? { direct: null, answered: null };
    if (before?.connectionType === 'direct') earlier.direct = before;
    if (before && before.received > 0) earlier.answered = before;
    this.earlier.set(round.nodeId, earlier);
    this.last.set(round.nodeId, round);
    const recent = [...(this.recent.get(round.nodeId) ?? []), round];
    this.recent.set(round.nodeId, lastHalfHour(recent, round.time));
  }

  private async round(device: Device, time: number): Promise<Connection> {
    try {
      return { ...(await this.ping(device)), time };
    } catch (error) {
      if (!(error instanceof TailscaleError)) throw error;
      // A ping that ran out of time is a node that does not answer; any other fault says nothing about the node.
      const answered = error.reason === 'timeout' ? summarisePongs(noPongs()) : summarisePongs([]);
      const connectionType = error.reason === 'timeout' ? 'offline' : 'unknown';
      const { id: nodeId, hostname, txBytes, rxBytes } = device;
      return { time, nodeId, hostname, txBytes, rxBytes, ...answered, connectionType };
    }
  }
}

const lastHalfHour = (rounds: readonly Connection[], until: number) =>
  rounds.filter(({ time }) => time > until - 30 * 60_000);

const noPongs = () =>
  Array.from({ length: PINGS }, () => ({ ok: false, error: 'timeout' }) as const);
