import type { Device, TailnetStatus } from '../domain/device';
import {
  changesOf,
  eventsOf,
  factsOf,
  type InventoryChange,
  type KnownFacts,
} from '../domain/inventory';
import { isBlind } from '../domain/own-device';
import type { TailnetView } from '../domain/tailnet-view';
import type { KnownDevice } from '../store/ports/inventory';
import type { Stores } from '../store/ports/stores';
import { DAY } from '../util/time';
import type { Collector } from './collector';
import type { Feed } from './feed';
import type { TailnetWatch } from './tailnet-watch';
import { tellEvents } from './tell-events';
import type { WatchMap } from './watch-map';

/** What has not changed is stored again after this long: devices not seen for long are forgotten. */
const RENEW_MS = DAY;

/** Keeps what is known of each device, and what changes of it. */
export class KeepInventory implements Collector {
  readonly name = 'keep_inventory';
  readonly schedule = '*/10 * * * * *';
  private known: ReadonlyMap<string, KnownFacts> = new Map();
  private renewedAt = Number.NEGATIVE_INFINITY;
  private shown: {
    status: TailnetStatus;
    known: ReadonlyMap<string, KnownFacts>;
    described: TailnetStatus;
  } | null = null;
  /** Each device with what is known of it, by the device without. */
  private readonly withFacts = new WeakMap<Device, Device>();

  constructor(
    private readonly watch: Pick<TailnetWatch, 'view'>,
    private readonly map: Pick<WatchMap, 'facts'>,
    private readonly store: Pick<Stores, 'inventory' | 'events'>,
    private readonly feed: Feed,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Restores what was known before a restart. */
  async restore(): Promise<void> {
    const devices = await this.store.inventory.knownDevices();
    this.known = new Map(devices.map(({ nodeId, ...known }) => [nodeId, known]));
  }

  async run(): Promise<void> {
    const { status, stale, own } = this.watch.view();
    // What our own device cannot see has not changed.
    if (!status || stale || isBlind(own.state)) return;
    const now = this.now();
    const isRenewal = this.elapsed() - this.renewedAt >= RENEW_MS;
    const map = this.map.facts();
    const known = new Map(this.known);
    const noted: KnownDevice[] = [];
    const changes: InventoryChange[] = [];
    for (const device of status.devices) {
      const { id: nodeId } = device;
      const before = this.known.get(nodeId);
      const facts = factsOf(device, map.get(nodeId), before?.facts);
      if (before) changes.push(...changesOf(device, before.facts, facts, now));
      const isSame = JSON.stringify(facts) === JSON.stringify(before?.facts);
      if (isSame && !isRenewal) continue;
      const after = { firstSeen: before?.firstSeen ?? now, facts };
      known.set(nodeId, after);
      noted.push({ nodeId, ...after });
    }
    if (noted.length === 0) return;
    await this.store.inventory.noteDevices(noted, changes, now);
    if (isRenewal) this.renewedAt = this.elapsed();
    this.known = known;
    await tellEvents(eventsOf(changes), this.store, this.feed);
  }

  /** Adds to each device what is known of it; the same as before while nothing has changed. */
  described(view: TailnetView): TailnetView {
    const { status } = view;
    const { known } = this;
    if (!status) return view;
    if (this.shown?.status !== status || this.shown.known !== known) {
      this.shown = { status, known, described: { ...status, devices: this.describe(status) } };
    }
    return { ...view, status: this.shown.described };
  }

  private describe({ devices }: TailnetStatus): Device[] {
    const { known, shown } = this;
    if (shown?.known === known && shown.status.devices === devices) return shown.described.devices;
    return devices.map((device) => {
      const inventory = known.get(device.id);
      const before = this.withFacts.get(device);
      if (before && before.inventory === inventory) return before;
      const after = { ...device, inventory };
      this.withFacts.set(device, after);
      return after;
    });
  }
}
