import type { AlertSaid } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Device, ExitNode } from '../domain/device';
import type { Judgement } from '../domain/judgement';
import type { ModelState } from '../domain/model';
import type { OwnDevice } from '../domain/own-device';
import type { QuotaStatus } from '../domain/quota';
import type { Routes } from '../domain/routes';
import type { SaidValue } from '../domain/said';
import type { FormerDevice } from '../domain/tailnet-view';
import type { TimeZone } from '../domain/time-zone';
import type { BudgetUse } from '../domain/traffic-budget';
import { MINUTE } from '../util/time';

/** Where each rule raises and clears. Latencies and times in milliseconds, losses as shares from 0 to 1. */
export type DeviceThresholds = {
  latencyMs: number;
  latencyClearMs: number;
  offlineAfterMs: number;
  lossRaise: number;
  lossClear: number;
};
export type Thresholds = DeviceThresholds & {
  /** What differs for a device, by any of its names or its id. */
  byDevice: Record<string, Partial<DeviceThresholds>>;
};

export const DEFAULT_THRESHOLDS: Thresholds = {
  latencyMs: 100,
  latencyClearMs: 80,
  offlineAfterMs: 5 * MINUTE,
  lossRaise: 0.4,
  lossClear: 0.1,
  byDevice: {},
};

/** A critical device's latest round of pings, and what was known before it. */
export type Round = {
  connection: Connection;
  /** Each ping of the round in milliseconds, `null` where none came back; `null` when only the summary is known. */
  pings: readonly (number | null)[] | null;
  /** The latest earlier round that went direct; `null` when none ever did. Epoch milliseconds. */
  lastDirect: { time: number; endpoint: string | null } | null;
  /** The latest earlier round that had an answer: the path before this one. */
  lastAnswered: Pick<Connection, 'time' | 'connectionType' | 'relayNode' | 'endpoint'> | null;
  /** The last half hour's mean beside what is usual at this time; `null` while that is not known. Milliseconds. */
  usual: { meanMs: number; expectedMs: number; lowMs: number; highMs: number } | null;
};

/** A device and its judged state. */
export type JudgedDevice = {
  device: Device;
  judgement: Judgement;
  /** How long it has been in this state; elapsed milliseconds, `null` when unknown. */
  forMs: number | null;
  /** It is expected to be online. */
  critical: boolean;
  /** Why it need not be online though it is critical; `null` when it must. */
  unmissed: SaidValue | null;
  outages: Outages;
};

/** How often a device went offline recently. */
export type Outages = {
  /** Within `windowMs`. */
  count: number;
  windowMs: number;
  /** Since its last change; `null`: there was none. Milliseconds. */
  quietForMs: number | null;
  /** The current outage soon followed one that was long enough to be an alert. */
  isRepeated: boolean;
};

/** A recent event, to be announced. */
export type Announcement = {
  rule: 'device_joined' | 'route_moved';
  topic: string;
  nodeId: string | null;
  hostname: string | null;
  title: AlertSaid['title'];
  evidence: AlertSaid['evidence'];
};

/** The result of a job's last finished run. */
export type JobOutcome = {
  name: string;
  lastRun: number | null;
  lastError: string | null;
  /** It says nothing while our own device is out of the tailnet. */
  needsTailnet: boolean;
};

/**
 * Everything that the rules evaluate. What is `null` or missing is unknown, and changes no alert: an evaluation may
 * know only a part. A round or a job's run passed again counts once (the engine sees to that), so the latest may always
 * be passed.
 */
export type Facts = {
  /** Epoch milliseconds. */
  now: number;
  /** Elapsed milliseconds, independent of the wall clock. */
  elapsed: number;
  /** The state of our own device; `null` before the first answer. */
  own: OwnDevice | null;
  /** Every known device; `null` while our own cannot see them. */
  devices: readonly JudgedDevice[] | null;
  /** The latest round of every critical device that has had one. */
  rounds: readonly Round[];
  /** The exit node in use; `null`: none. */
  exitNode: ExitNode | null;
  routes: Routes;
  /** Devices that have left, by id: a route may have been lost with one. */
  former: Readonly<Record<string, Pick<FormerDevice, 'name'>>>;
  announcements: readonly Announcement[];
  /** tailscaled's warnings, verbatim; `null` while our own device has a problem that explains them. */
  health: readonly string[] | null;
  jobs: readonly JobOutcome[];
  quota: QuotaStatus | null;
  /** How much of this month's budgets of traffic is used. */
  budgets: readonly BudgetUse[] | null;
  models: readonly ModelState[];
  thresholds: Thresholds;
  /** Evidence names times in it. */
  zone: TimeZone;
};

/** The facts that are new since the last evaluation: rounds by device id, jobs by name. */
export type Fresh = { rounds: ReadonlySet<string>; jobs: ReadonlySet<string> };

/** Returns the thresholds that apply to a device. */
export function thresholdsFor(
  thresholds: Thresholds,
  device: Pick<Device, 'id' | 'name' | 'hostname' | 'dnsName' | 'addresses'>,
): DeviceThresholds {
  const { byDevice, ...general } = thresholds;
  const { id, name, hostname, dnsName, addresses } = device;
  const entries = Object.entries(byDevice);
  // A device chooses its host name, so another setting that means it by a surer name comes before.
  for (const one of [id, ...addresses, dnsName, name, hostname]) {
    const lower = one.toLowerCase();
    const own = entries.find(([key]) => key.trim().toLowerCase().replace(/\.$/, '') === lower);
    if (own && one !== '') return { ...general, ...own[1] };
  }
  return general;
}
