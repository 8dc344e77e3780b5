import type { Device } from '../domain/device';
import type { TailnetEvent } from '../domain/event';
import type { Judgement } from '../domain/judgement';
import { isBlind } from '../domain/own-device';
import { type Routes, routesOf } from '../domain/routes';
import type { FormerDevice } from '../domain/tailnet-view';
import { type DeviceState, keyNotice, transitions, travelledPath } from '../domain/transitions';
import { isForgotten } from '../domain/watched';
import type { PathObservation } from '../store/ports/paths';
import type { Stores } from '../store/ports/stores';
import { DAY, SECOND } from '../util/time';
import type { Collector } from './collector';
import type { DeviceJudge } from './device-judge';
import type { Feed } from './feed';
import { SteadyWarnings } from './steady-warnings';
import { type KeptState, keptState } from './tailnet-state';
import type { TailnetWatch } from './tailnet-watch';
import { tellEvents } from './tell-events';

const STATE_KEY = 'tailnet_state';
/** An unchanged path is recorded this often. */
const SAME_PATH_EVERY_MS = 30 * SECOND;
/** Devices that left are remembered as long as their history may be kept. */
const FORMER_KEPT_MS = 730 * DAY;

/**
 * Detects, without pings of its own, which devices joined or left and which path traffic takes, as soon as that is
 * judged.
 */
export class WatchTransitions implements Collector {
  readonly name = 'watch_transitions';
  readonly schedule = '*/5 * * * * *';
  private before: KeptState | null = null;
  private restored = false;
  private saved = '';
  private readonly warnings: SteadyWarnings;
  private readonly observed = new Map<string, { path: string; elapsed: number }>();

  constructor(
    private readonly watch: Pick<TailnetWatch, 'view'>,
    private readonly judge: Pick<DeviceJudge, 'of'>,
    private readonly store: Pick<Stores, 'paths' | 'events' | 'state'>,
    private readonly feed: Feed,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {
    this.warnings = new SteadyWarnings(elapsed);
  }

  /** Returns devices that have left the tailnet, by id. */
  former(): Readonly<Record<string, FormerDevice>> {
    return this.before?.former ?? {};
  }

  /** Returns which device routes each subnet, including subnets that have lost their router. */
  routes(): Routes {
    return this.before?.routes ?? {};
  }

  async restore(): Promise<void> {
    if (this.restored) return;
    const saved = await this.store.state.loadState(STATE_KEY);
    if (saved !== null) this.before = keptState(saved);
    this.restored = true;
  }

  async run(): Promise<void> {
    await this.restore();
    const now = this.now();
    const { status, stale, own } = this.watch.view();
    if (!status) return;
    const { before } = this;
    const events: TailnetEvent[] = [];
    const tell = (kind: TailnetEvent['kind'], from: string | null, to: string | null) =>
      events.push({ time: now, kind, nodeId: null, hostname: null, before: from, after: to });
    if (before?.reachable && stale) tell('tailscaled_lost', null, null);
    if (before && !before.reachable && !stale) tell('tailscaled_back', null, null);
    const ownState = own.settled && own.state !== 'unreachable' ? own.state : (before?.own ?? 'ok');
    if (before && ownState !== before.own) tell('own_device', before.own, ownState);
    // While our own device cannot see, nothing is news about the others.
    const state = stale || isBlind(own.state) ? before : this.state(status.devices, status.health);
    if (state && state !== before) {
      if (before) events.push(...transitions(before, state, now));
      await this.observe(status.devices);
    }
    await tellEvents(events, this.store, this.feed);
    if (state) await this.keep({ ...state, reachable: !stale, own: ownState });
  }

  private async keep(state: KeptState): Promise<void> {
    const { before } = this;
    const now = this.now();
    const former = { ...state.former };
    for (const [id, { name }] of Object.entries(before?.nodes ?? {})) {
      if (!state.nodes[id]) former[id] = { name, leftAt: now };
    }
    for (const [id, { leftAt }] of Object.entries(former)) {
      if (state.nodes[id] || now - leftAt > FORMER_KEPT_MS) delete former[id];
    }
    this.before = { ...state, former };
    const text = JSON.stringify(this.before);
    if (text === this.saved) return;
    await this.store.state.saveState(STATE_KEY, text);
    this.saved = text;
  }

  private async observe(devices: readonly Device[]): Promise<void> {
    const time = this.now();
    const observations: PathObservation[] = [];
    for (const device of devices) {
      if (device.self) continue;
      const judgement = this.judge.of(device);
      const { path } = judgement;
      const last = this.observed.get(device.id);
      const isSame = last?.path === path;
      if (judgement.presence === 'unknown') continue;
      if (isSame && this.elapsed() - last.elapsed < SAME_PATH_EVERY_MS) continue;
      this.observed.set(device.id, { path, elapsed: this.elapsed() });
      const { id: nodeId, name: hostname } = device;
      const at = last && !isSame ? changedAt(judgement, time) : time;
      observations.push({ nodeId, hostname, path, time: at });
    }
    if (observations.length > 0) await this.store.paths.observePaths(observations);
  }

  private state(devices: readonly Device[], warnings: readonly string[]): KeptState {
    const now = this.now();
    const { before } = this;
    const nodes: Record<string, DeviceState> = {};
    for (const device of devices) {
      if (!device.self) nodes[device.id] = this.deviceState(device, before?.nodes[device.id]);
    }
    const routes = routesOf(devices, before?.routes ?? {}, now);
    const health = this.warnings.of(warnings, before?.health ?? []);
    const kept = before ?? { reachable: true, own: 'ok', former: {} };
    return { ...kept, nodes, health, routes };
  }

  private deviceState(device: Device, before: DeviceState | undefined): DeviceState {
    const judgement = this.judge.of(device);
    const { presence, path, since, seenByControl, confirmed } = judgement;
    const isKnown = confirmed && presence !== 'unknown';
    const isOurs = device.classification === 'own';
    const hasKey = isOurs && !isForgotten(device, null, this.now());
    return {
      name: device.name,
      up: isKnown ? presence === 'online' : (before?.up ?? null),
      since: isKnown ? since : (before?.since ?? null),
      path: travelledPath(path) ?? before?.path ?? null,
      seenByControl: isKnown ? seenByControl : (before?.seenByControl ?? seenByControl),
      key: hasKey ? keyNotice(device, this.now()) : '',
      homeRegion: device.path === 'relay' ? (before?.homeRegion ?? null) : device.relayRegion,
    };
  }
}

/** Returns when a state began: when the device fell silent or answered again, before that was confirmed. */
function changedAt({ presence, since }: Judgement, now: number): number {
  const isRecent = since !== null && since <= now && now - since < 60 * SECOND;
  return presence !== 'online' && isRecent ? since : now;
}
