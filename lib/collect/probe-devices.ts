import type { Device, Path } from '../domain/device';
import { isBlind } from '../domain/own-device';
import { isForgotten } from '../domain/watched';
import { logger } from '../log/log';
import { MINUTE, SECOND } from '../util/time';
import type { Collector } from './collector';
import type { ConnectionMetrics } from './connection-metrics';
import { DOUBT_PINGS, type Probed, type Prober, ROUND_PINGS } from './prober';
import type { TailnetWatch } from './tailnet-watch';

const log = logger('tailnet');
/**
 * A device is pinged again at the third turn, whatever the time between rounds, so that a silence begins at most 15 s
 * before it is known: an alert has to come within 30 s of its limit.
 */
const HEARTBEAT_MS = 14 * SECOND;
/** One that has moved to a relay is pinged again after this long, until that is proven: */
const RELAYED_MS = 10 * SECOND;
/** one that has fallen silent at each turn, since its alert waits for a ping at the end of its limit, */
const SILENT_MS = 4 * SECOND;
/** for this long, and after that as rarely as the others. */
const SILENT_SUSPECTED_MS = 15 * MINUTE;
/** When one falls silent, the others are pinged too, unless they were within this: a whole site goes down at once. */
const SITE_MS = 5 * SECOND;
/** How a confirmed path by relay begins; its region follows. */
const RELAY = 'relay ';

/**
 * Pings between rounds: a critical device at once when its status changes, again while its silence or its relay is new,
 * and all of them now and then. Nothing is stored, so that rounds stay evenly spaced.
 */
export class ProbeDevices implements Collector {
  readonly name = 'probe_devices';
  readonly needsTailnet = true;
  readonly schedule = '*/5 * * * * *';
  private seen = new Map<string, { online: boolean; path: Path }>();
  /** Since when devices may be silent, by id; elapsed milliseconds. */
  private readonly silentSince = new Map<string, number>();
  /** The unconfirmed path that more pings were sent for, by id: only once, however they end. */
  private readonly doubted = new Map<string, string>();
  /** The last confirmed path of each. */
  private readonly paths = new Map<string, string>();
  private wasControlLost = false;
  private wasBlind = false;

  constructor(
    private readonly prober: Prober,
    private readonly watch: Pick<TailnetWatch, 'view'>,
    private readonly metrics: Pick<ConnectionMetrics, 'critical' | 'lacksProofOfRelay'>,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    prober.subscribe((found) => this.note(found));
  }

  /** Compares the status with the previous one, and pings the devices that changed; `wasAway` as for `DeviceJudge`. */
  look(wasAway = false): void {
    const { own } = this.watch.view();
    const devices = this.devices();
    const before = this.seen;
    this.seen = new Map(devices.map(({ id, online, path }) => [id, { online, path }]));
    const lost = own.state === 'control_unreachable' || own.state === 'no_network';
    const seesAgain = (this.wasBlind || wasAway) && !isBlind(own.state);
    const everyone = (lost && !this.wasControlLost) || seesAgain;
    this.wasControlLost = lost;
    this.wasBlind = isBlind(own.state);
    for (const device of devices) {
      const was = before.get(device.id);
      if (everyone || (was && isChange(was, device))) this.ask(device, DOUBT_PINGS);
    }
  }

  async run(): Promise<void> {
    const { own } = this.watch.view();
    if (isBlind(own.state) && own.state !== 'no_network') return;
    for (const device of this.devices()) {
      const silentSince = this.silentSince.get(device.id) ?? Number.NEGATIVE_INFINITY;
      const isSilent = this.elapsed() - silentSince < SILENT_SUSPECTED_MS;
      const isRelayed = this.mayBeRelayed(device.id);
      const restMs = isSilent ? SILENT_MS : isRelayed ? RELAYED_MS : HEARTBEAT_MS;
      if (this.prober.ageMs(device.id) < restMs) continue;
      this.ask(device, isRelayed ? ROUND_PINGS : 1);
    }
  }

  private mayBeRelayed(nodeId: string): boolean {
    const isRelayed = this.paths.get(nodeId)?.startsWith(RELAY) ?? false;
    return isRelayed && this.metrics.lacksProofOfRelay(nodeId);
  }

  private devices(): Device[] {
    const devices = this.metrics.critical(this.watch.view().status?.devices ?? []);
    const isMissed = (device: Device) =>
      !isForgotten(device, this.prober.lastAnswered(device.id), this.now());
    return devices.filter(isMissed);
  }

  private ask(device: Device, pings: number): void {
    if (!this.prober.isBusy(device.id)) this.askAfterwards(device, pings);
  }

  private askAfterwards(device: Device, pings: number): void {
    this.prober.probe(device, pings).catch((error) => log.error('a probe failed', { error }));
  }

  private note({ connection }: Probed): void {
    const { nodeId, connectionType, relayNode, sent } = connection;
    const device = this.devices().find(({ id }) => id === nodeId);
    if (!device || connectionType === 'unknown') return;
    const isRelayed = connectionType === 'relay';
    const path = isRelayed ? `${RELAY}${relayNode}` : connectionType;
    const before = this.paths.get(nodeId);
    const isSilent = connectionType === 'offline';
    if (!(isRelayed || isSilent) || sent >= DOUBT_PINGS) this.paths.set(nodeId, path);
    if (!isSilent) this.silentSince.delete(nodeId);
    const needed = isRelayed ? ROUND_PINGS : isSilent ? DOUBT_PINGS : 0;
    if (before !== path && sent < needed) this.confirm(device, path, needed);
    else this.doubted.delete(nodeId);
    if (!isSilent) return;
    if (this.silentSince.has(nodeId)) return;
    this.silentSince.set(nodeId, this.elapsed());
    this.askOthers(nodeId);
  }

  private confirm(device: Device, path: string, pings: number): void {
    if (this.doubted.get(device.id) === path) return;
    this.doubted.set(device.id, path);
    this.askAfterwards(device, pings);
  }

  private askOthers(nodeId: string): void {
    for (const device of this.devices()) {
      const fresh = this.prober.ageMs(device.id) < SITE_MS;
      if (device.id !== nodeId && !fresh && !this.silentSince.has(device.id)) this.ask(device, 1);
    }
  }
}

function isChange(was: { online: boolean; path: Path }, { online, path }: Device): boolean {
  if (was.online !== online) return true;
  const travelled = (one: Path) => one === 'direct' || one === 'relay' || one === 'peer_relay';
  return was.path !== path && travelled(was.path) && travelled(path);
}
