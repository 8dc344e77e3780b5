import type { Device, Path } from '../domain/device';
import { type Judgement, judge } from '../domain/judgement';
import { isBlind, type OwnDevice } from '../domain/own-device';
import { isForgotten } from '../domain/watched';
import { MINUTE, SECOND } from '../util/time';
import type { Prober } from './prober';
import type { TailnetWatch } from './tailnet-watch';

/** How long pings are relied on for a device that is not pinged each round. */
const ASKED_BELIEVED_MS = MINUTE;

/** An answer of tailscaled's, and the state of our own device with it. */
type Look = { state: OwnDevice['state'] | null; settled: boolean };
type Common = { own: OwnDevice; look: Look; ids: ReadonlySet<string> };
type Change = { presence: Judgement['presence']; wall: number; elapsed: number };

/** Judges every device in one place: pages, calls, metrics, events and alerts all use it. */
export class DeviceJudge {
  /** The path of each device in the last status, and in the one before. */
  private looks: [ReadonlyMap<string, Path>, ReadonlyMap<string, Path>] = [new Map(), new Map()];
  private readonly changes = new Map<string, Change>();
  /** When the coordination server began to list a device as offline; elapsed milliseconds. */
  private readonly unlisted = new Map<string, number>();
  private wasBlind = false;
  /** The last judgement of each device, which stays the same object while it says the same. */
  private readonly last = new Map<string, { look: Look; judgement: Judgement }>();
  private seen: Look = { state: null, settled: false };
  private watched: { of: readonly Device[]; ids: ReadonlySet<string> } | null = null;
  private turn: Common | null = null;

  constructor(
    private readonly watch: Pick<TailnetWatch, 'view'>,
    private readonly prober: Prober,
    /** How long a round of pings is relied on. */
    private readonly believedMs: number,
    /** The devices that are pinged each round. */
    private readonly critical: () => readonly Device[],
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Processes a new answer from tailscaled; `wasAway`: it had not answered for a while. */
  look(wasAway = false): void {
    this.turn = null;
    this.seen = { state: null, settled: false };
    const { status, own } = this.watch.view();
    const blind = isBlind(own.state);
    if ((this.wasBlind || wasAway) && !blind) this.prober.distrust();
    this.wasBlind = blind;
    const devices = status?.devices ?? [];
    this.looks = [this.looks[1], new Map(devices.map((device) => [device.id, device.path]))];
    for (const device of devices) {
      if (device.online) this.unlisted.delete(device.id);
      else if (!this.unlisted.has(device.id)) this.unlisted.set(device.id, this.elapsed());
      const { presence } = this.of(device);
      if (this.changes.get(device.id)?.presence === presence) continue;
      this.changes.set(device.id, { presence, wall: this.now(), elapsed: this.elapsed() });
      this.last.delete(device.id);
    }
    const present = new Set(devices.map(({ id }) => id));
    for (const sightings of [this.changes, this.unlisted, this.last]) {
      for (const id of sightings.keys()) if (!present.has(id)) sightings.delete(id);
    }
    this.prober.keep(present);
  }

  /** Judges a device as of now. What was made from a judgement is true as long as it is the same object. */
  of(device: Device): Judgement {
    const common = this.common();
    const { look } = common;
    const before = this.last.get(device.id);
    // Of a device that was never pinged, nothing is known between two answers of tailscaled's.
    if (before?.look === look && !this.prober.knows(device.id)) return before.judgement;
    const judged = this.judged(device, common);
    const judgement = before && isSame(before.judgement, judged) ? before.judgement : judged;
    this.last.set(device.id, { look, judgement });
    return judgement;
  }

  private judged(device: Device, { own, ids }: Common): Judgement {
    const watched = ids.has(device.id);
    const believedMs = watched ? this.believedMs : ASKED_BELIEVED_MS;
    const evidence = this.prober.evidence(device.id, believedMs);
    const forgotten = isForgotten(device, evidence?.lastAnswered ?? null, this.now());
    const relaySeenTwice = this.looks.every((paths) => paths.get(device.id) === 'relay');
    return judge(device, {
      own,
      watched: watched && !forgotten,
      evidence,
      relaySeenTwice,
      uplinkProven: own.state === 'control_unreachable' && this.prober.uplink(MINUTE) === 'proven',
      answersUnlisted: this.answersUnlisted(device),
      refused: this.prober.isRefused(device.id),
      since: this.moment(device)?.wall ?? null,
    });
  }

  /** Returns whether it has answered since the coordination server listed it as offline. */
  private answersUnlisted({ id }: Device): boolean {
    const unlisted = this.unlisted.get(id);
    return unlisted !== undefined && this.prober.hasAnsweredWithin(id, this.elapsed() - unlisted);
  }

  /**
   * Returns how long a device has been in its state, in elapsed milliseconds; `null` when unknown. A silence has lasted
   * until the last ping: the device may have come back since.
   */
  forMs(device: Device): number | null {
    const silentMs = this.prober.silentMs(device.id);
    if (silentMs !== null) return silentMs;
    const moment = this.moment(device);
    return moment && this.elapsed() - moment.elapsed;
  }

  /** Returns what is the same for every device: found once a turn of the event loop, since pages judge hundreds. */
  private common(): Common {
    if (this.turn) return this.turn;
    const critical = this.critical();
    if (this.watched?.of !== critical) {
      this.watched = { of: critical, ids: new Set(critical.map((device) => device.id)) };
    }
    const { own } = this.watch.view();
    const { state, settled } = own;
    if (this.seen.state !== state || this.seen.settled !== settled) this.seen = { state, settled };
    this.turn = { own, look: this.seen, ids: this.watched.ids };
    queueMicrotask(() => {
      this.turn = null;
    });
    return this.turn;
  }

  private moment(device: Device): { wall: number; elapsed: number } | null {
    return this.prober.since(device.id) ?? this.changes.get(device.id) ?? null;
  }
}

function isSame(a: Judgement, b: Judgement): boolean {
  for (const key in a) {
    if (a[key as keyof Judgement] !== b[key as keyof Judgement]) return false;
  }
  return true;
}

/** Returns how long a round of pings is relied on, given the interval between rounds. */
export const believedFor = (intervalMs: number) => intervalMs * 1.5 + 30 * SECOND;
