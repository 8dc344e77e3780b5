import type { Device, Path } from '../domain/device';
import type { TailnetEvent } from '../domain/event';
import {
  keyNotice,
  type NodeState,
  type TailnetState,
  transitions,
  travelledPath,
} from '../domain/transitions';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import type { Collector } from './collector';
import type { ConnectionMetrics } from './connection-metrics';
import type { Feed } from './feed';
import type { TailnetWatch } from './tailnet-watch';

const log = logger('tailnet');
const tailscaled = logger('tailscaled');

const STATE_KEY = 'tailnet_state';

/** Every 30 seconds, without a ping: who came, who went, and by which path traffic goes, from what is known already. */
export class WatchTransitions implements Collector {
  readonly name = 'watch_transitions';
  readonly schedule = '*/30 * * * * *';
  private before: (TailnetState & { reachable: boolean }) | null = null;
  /** What the status said of each node's path last time: a path counts when it is seen twice in a row. */
  private lastLook = new Map<string, Path>();

  constructor(
    private readonly watch: TailnetWatch,
    private readonly metrics: Pick<ConnectionMetrics, 'last'>,
    private readonly store: Pick<Stores, 'state' | 'paths' | 'events'>,
    private readonly feed: Feed,
    /** A round of pings is believed for so long. */
    private readonly believedMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    const now = this.now();
    const { status, stale } = this.watch.view();
    this.before ??= await this.restore();
    if (!status) return;
    const reachable = !stale;
    const events: TailnetEvent[] = [];
    const tell = (kind: 'tailscaled_lost' | 'tailscaled_back') =>
      events.push({ time: now, kind, nodeId: null, hostname: null, before: null, after: null });
    if (this.before?.reachable && !reachable) tell('tailscaled_lost');
    if (this.before && !this.before.reachable && reachable) tell('tailscaled_back');
    // An old answer tells nothing new about nodes.
    const state = reachable ? this.state(status.devices, status.health, now) : this.before;
    if (this.before && state && reachable) events.push(...transitions(this.before, state, now));
    if (reachable) {
      await this.store.paths.observePaths(
        status.devices
          .filter((device) => !device.self)
          .map((device) => ({
            nodeId: device.id,
            hostname: device.hostname,
            time: now,
            path: this.pathOf(device, now),
          })),
      );
      this.lastLook = new Map(status.devices.map((device) => [device.id, device.path]));
    }
    if (events.length > 0) {
      for (const event of await this.store.events.addEvents(events)) {
        note(event);
        this.feed.publish({ event });
      }
    }
    if (state) {
      this.before = { ...state, reachable };
      await this.store.state.saveState(STATE_KEY, JSON.stringify(this.before));
    }
  }

  /** Whether a node answers, as far as status and pings know. */
  isOnline(device: Device, now: number): boolean {
    return device.online && this.believed(device, now)?.connectionType !== 'offline';
  }

  /** The path to a node: confirmed by a ping, or seen in the status; `idle` when neither says, never a guess. */
  pathOf(device: Device, now: number): Path {
    if (!this.isOnline(device, now)) return 'offline';
    const round = this.believed(device, now)?.connectionType;
    if (round && round !== 'unknown' && round !== 'offline') return round;
    // The first packets of a waking connection go by relay: one look at it proves nothing.
    if (device.path === 'relay' && this.lastLook.get(device.id) !== 'relay') return 'idle';
    return device.path;
  }

  private believed(device: Device, now: number) {
    const round = this.metrics.last.get(device.id);
    return round && now - round.time <= this.believedMs ? round : undefined;
  }

  private state(devices: readonly Device[], health: string[], now: number): TailnetState {
    const nodes: Record<string, NodeState> = {};
    for (const device of devices) {
      if (device.self) continue;
      nodes[device.id] = {
        hostname: device.hostname,
        online: this.isOnline(device, now),
        path:
          travelledPath(this.pathOf(device, now)) ?? this.before?.nodes[device.id]?.path ?? null,
        key: keyNotice(device, now),
        homeRegion: device.path === 'relay' ? null : device.relayRegion,
      };
    }
    return { nodes, health };
  }

  private async restore(): Promise<(TailnetState & { reachable: boolean }) | null> {
    const saved = await this.store.state.loadState(STATE_KEY);
    return saved === null ? null : (JSON.parse(saved) as TailnetState & { reachable: boolean });
  }
}

/** An event as a line of the log; what tailscaled says of its own health stands there in its own words. */
function note({ kind, hostname, before, after }: TailnetEvent): void {
  if (kind === 'tailscaled_health') {
    if (after) tailscaled.warn(after);
    else tailscaled.info(`no longer: ${before}`);
    return;
  }
  const from = before === null ? '' : ` from ${before}`;
  const to = after === null ? '' : ` to ${after}`;
  log.info(`${kind.replaceAll('_', ' ')}${hostname === null ? '' : `: ${hostname}`}${from}${to}`, {
    kind,
  });
}
