import { isDeepStrictEqual } from 'node:util';
import type { Device, ExitNode, TailnetStatus } from '../domain/device';
import { saidOf } from '../domain/errors';
import {
  isBlind,
  judgeOwnDevice,
  type OwnDevice,
  type OwnFacts,
  settlesAfter,
} from '../domain/own-device';
import { type Said, say } from '../domain/said';
import type { TailnetView } from '../domain/tailnet-view';
import { vanishedTogether } from '../domain/vanished';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import type { Tailscale } from '../tailscale/tailscale';
import { HOUR, MINUTE, SECOND } from '../util/time';
import type { Collector } from './collector';
import type { Prober } from './prober';
import { savedView } from './saved-view';

const log = logger('tailnet');
/** Without an answer for this long, what is shown is out of date. */
const STALE_AFTER_MS = 25 * SECOND;
/** Devices that vanished together count as gone after this long. */
const LEFT_AFTER_MS = HOUR;
/** A saved status older than this does not show which devices have vanished. */
const SAVED_USABLE_MS = HOUR;
const STATE_KEY = 'last_tailnet_status';
const NONE: readonly string[] = [];

/** When tailscaled was asked, in elapsed milliseconds, and whether it had not answered for a while before. */
type Asked = { at: number; wasAway: boolean };

/**
 * Reads the tailnet's status every ten seconds, judges our own device, and keeps the last answer, over restarts too.
 */
export class TailnetWatch implements Collector {
  readonly name = 'watch_tailnet';
  readonly needsTailnet = true;
  readonly schedule = '*/10 * * * * *';
  /** The last answer, and the devices of the last reliable one. */
  private status: TailnetStatus | null = null;
  private believed: Pick<TailnetStatus, 'devices' | 'tailnet'> | null = null;
  private merged: {
    status: TailnetStatus;
    believed: Pick<TailnetStatus, 'devices' | 'tailnet'>;
    shown: TailnetStatus;
  } | null = null;
  private vanished: { since: number; names: string[] } | null = null;
  private answeredAt: number | null = null;
  private answeredElapsed = Number.NEGATIVE_INFINITY;
  /** When tailscaled was asked for its last answer; elapsed milliseconds. */
  askedAt = Number.NEGATIVE_INFINITY;
  private error: Said | null = null;
  private own: { state: OwnDevice['state']; since: number; elapsed: number } | null = null;
  private judgedOf: { facts: OwnFacts; judged: ReturnType<typeof judgeOwnDevice> } | null = null;
  private readonly silence = say('ownDevice.notForAWhile');
  private controlLost: number | null = null;
  private lastOnline = new Map<string, number>();
  private readonly listeners = new Set<(answer: TailnetStatus, asked: Asked) => void>();

  constructor(
    private readonly tailscale: Tailscale,
    private readonly store: Pick<Stores, 'state'>,
    private readonly prober: Pick<Prober, 'uplink'>,
    private readonly now: () => number = Date.now,
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Calls `listener` after each answer, with what tailscaled said. */
  subscribe(listener: (answer: TailnetStatus, asked: Asked) => void): void {
    this.listeners.add(listener);
  }

  async run(): Promise<void> {
    let status: TailnetStatus;
    const askedAt = this.elapsed();
    const wasAway = Number.isFinite(this.answeredElapsed) && this.isStale();
    try {
      status = await this.tailscale.status();
      if (this.error !== null) log.info(`${this.tailscale.location} answers again`);
      this.answeredAt = this.now();
      this.answeredElapsed = this.elapsed();
      this.askedAt = askedAt;
      this.error = null;
      this.take(status);
    } catch (error) {
      this.error = saidOf(error);
      throw error;
    }
    for (const listener of this.listeners) listener(status, { at: askedAt, wasAway });
  }

  /** Restores the last known state from before a restart, until tailscaled answers. */
  async restore(): Promise<void> {
    const saved = await this.store.state.loadState(STATE_KEY);
    if (saved === null || this.status) return;
    const view = savedView(saved);
    if (!view || view.source !== this.tailscale.source) return;
    const { status, answeredAt } = view;
    this.status = status;
    this.answeredAt = answeredAt;
    const age = this.now() - answeredAt;
    if (age >= 0 && age < SAVED_USABLE_MS) this.believed = status;
  }

  /** Saves the last answer for the next start. */
  async save(): Promise<void> {
    if (this.status) await this.store.state.saveState(STATE_KEY, JSON.stringify(this.view()));
  }

  view(): TailnetView {
    const { status, answeredAt } = this;
    const { source, location } = this.tailscale;
    const own = this.ownDevice();
    const shown = status && this.believed ? this.withBelieved(status, own) : status;
    const { error } = this;
    const failure = error ? { error: error.text, errorSaid: error } : { error: null };
    return { source, location, status: shown, answeredAt, stale: this.isStale(), ...failure, own };
  }

  private isStale(): boolean {
    return this.elapsed() - this.answeredElapsed > STALE_AFTER_MS;
  }

  private take(answer: TailnetStatus): void {
    const self = answer.devices.find((device) => device.self);
    const isRunning = answer.backendState === 'Running';
    const lost = isRunning && self?.online === false;
    const status = {
      ...answer,
      devices: asBefore(
        this.withLastSeen(answer.devices, isRunning && self?.online === true),
        this.status?.devices ?? [],
      ),
      exitNode: namedAsBefore(answer.exitNode, this.status?.exitNode ?? null),
    };
    this.status = status;
    this.controlLost = lost ? (this.controlLost ?? this.elapsed()) : null;
    const gone = this.believed ? vanishedTogether(this.believed, status) : [];
    const since = this.vanished?.since ?? this.elapsed();
    const left = this.elapsed() - since > LEFT_AFTER_MS;
    this.vanished =
      gone.length > 0 && !left ? { since, names: gone.map(({ name }) => name) } : null;
    if (!isBlind(this.ownDevice().state)) this.believed = status;
  }

  /** Adds when a device was last connected, from our own record where the coordination server does not say. */
  private withLastSeen(devices: Device[], isCurrent: boolean): Device[] {
    const now = this.now();
    const before = this.lastOnline;
    this.lastOnline = new Map();
    return devices.map((device) => {
      // Without the coordination server, the list says who was connected when it was last there.
      const seen = device.online && isCurrent ? now : before.get(device.id);
      if (seen !== undefined) this.lastOnline.set(device.id, seen);
      const isMissing = !device.online && device.lastSeen === null && seen !== undefined;
      return isMissing ? { ...device, lastSeen: seen } : device;
    });
  }

  private ownDevice(): OwnDevice {
    const stale = this.isStale();
    const lostFor = this.controlLost === null ? 0 : this.elapsed() - this.controlLost;
    const judged = this.judged({
      status: this.status,
      missing: this.vanished?.names ?? NONE,
      unanswered: stale ? (this.error ?? this.silence) : null,
      uplink: lostFor > 0 ? this.prober.uplink(Math.min(lostFor, MINUTE)) : 'unknown',
    });
    if (judged.state !== this.own?.state) {
      this.own = { state: judged.state, since: this.now(), elapsed: this.elapsed() };
    }
    const { since, elapsed } = this.own;
    const settled = this.elapsed() - elapsed >= settlesAfter(judged.state);
    return { ...judged, since, settled };
  }

  /** Judges our own device once for the same facts: pages ask for it once per device. */
  private judged(facts: OwnFacts): ReturnType<typeof judgeOwnDevice> {
    const { status, unanswered, missing, uplink } = this.judgedOf?.facts ?? {};
    if (
      this.judgedOf === null ||
      status !== facts.status ||
      unanswered !== facts.unanswered ||
      missing !== facts.missing ||
      uplink !== facts.uplink
    ) {
      this.judgedOf = { facts, judged: judgeOwnDevice(facts) };
    }
    return this.judgedOf.judged;
  }

  /** Returns the answer, with the last reliable devices where its own are not reliable. */
  private withBelieved(status: TailnetStatus, own: OwnDevice): TailnetStatus {
    const { believed } = this;
    if (!isBlind(own.state) || believed === null || believed === status) return status;
    if (this.merged?.status === status && this.merged.believed === believed)
      return this.merged.shown;
    const now = new Map(status.devices.map((device) => [device.id, device]));
    const devices = believed.devices.map((device) => now.get(device.id) ?? device);
    const shown = { ...status, devices, tailnet: believed.tailnet };
    this.merged = { status, believed, shown };
    return shown;
  }
}

/**
 * Returns devices of which those that have not changed are the same objects as before, and so is the list if none has:
 * what was made from them need not be made again.
 */
function asBefore(devices: Device[], before: Device[]): Device[] {
  const known = new Map(before.map((device) => [device.id, device]));
  const kept = devices.map((device) => {
    const same = known.get(device.id);
    return same && isDeepStrictEqual(same, device) ? same : device;
  });
  const isSame = kept.length === before.length && kept.every((device, i) => device === before[i]);
  return isSame ? before : kept;
}

/** Returns an exit node that has left the tailnet with the name it had: the status gives its id alone. */
function namedAsBefore(now: ExitNode | null, before: ExitNode | null): ExitNode | null {
  return now && before?.id === now.id && now.name === now.id ? { ...now, name: before.name } : now;
}
