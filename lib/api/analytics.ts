import type { TimeRange, VisitorCounts } from '../domain/access';
import { eachTerm } from '../domain/choice';
import type { TailnetStatus } from '../domain/device';
import { matchDevice } from '../domain/device-query';
import { countDevices, isExitNodeUp } from '../domain/judgement';
import { quotaStatus as countQuota } from '../domain/quota';
import type { Services } from '../services';
import { DAY, HOUR } from '../util/time';
import { filterOf } from './filter-query';
import { criticalIds, judgedNow } from './judged-now';
import { lastStatus } from './last-status';
import { type AccessLogsQuery, rangeOf, type UsageQuery } from './query';
import type {
  AccessLogsResponse,
  DevicesResponse,
  QuotaStatusResponse,
  UsageResponse,
} from './schemas';
import { deviceResponse, hitResponse, isoTime } from './wire';

/** What lists of hits are made from. */
type HitServices = {
  histories: { accesses: Pick<Services['histories']['accesses'], 'hits' | 'totals'> };
  instance: Pick<Services['instance'], 'rawDays'>;
  accessLog: Pick<Services['accessLog'], 'countNonTailnet'>;
  tailnet: { view(): { status: Pick<TailnetStatus, 'devices'> | null } };
};

const WEEK_HOURS = 7 * 24;
const RECENT = 5;

/** Returns every device of the tailnet, including our own. */
export async function devices(services: Services): Promise<DevicesResponse> {
  const { status, answeredAt, stale, source } = lastStatus(services);
  const before = answers.get(status);
  const age = Date.now() - (before?.at ?? 0);
  if (before && before.answer.stale === stale && age >= 0 && age < ANSWER_KEPT_MS) {
    return before.answer;
  }
  const judgementOf = judgedNow(services, status);
  const critical = criticalIds(services, status.devices);
  const { tailnet, exitNode } = status;
  const exit = status.devices.find(({ id }) => id === exitNode?.id);
  const answer: DevicesResponse = {
    generated_at: isoTime(answeredAt),
    source,
    stale,
    tailnet: { name: tailnet.name, magic_dns_suffix: tailnet.magicDnsSuffix },
    counts: countDevices(status.devices, judgementOf),
    exit_node: exitNode && {
      id: exitNode.id,
      hostname: exitNode.name,
      online: isExitNodeUp(exitNode, exit ? judgementOf(exit) : null),
    },
    devices: status.devices.map((device) =>
      deviceResponse(device, judgementOf(device), critical.has(device.id)),
    ),
  };
  answers.set(status, { at: Date.now(), answer });
  return answer;
}

/** Many pages ask within a second, and serializing a tailnet of thousands takes a while. */
const ANSWER_KEPT_MS = 1_000;
const answers = new WeakMap<TailnetStatus, { at: number; answer: DevicesResponse }>();

/** Returns the tailnet's usage of its plan. */
export async function quotaStatus(services: Services): Promise<QuotaStatusResponse> {
  const { status } = lastStatus(services);
  const quota = countQuota(status.devices, services.instance.quotaPlan);
  return {
    plan: { name: quota.plan.name, checked_on: quota.plan.checkedOn },
    users: quota.users,
    external_users: quota.externalUsers,
    devices: quota.devices,
    status: quota.status,
  };
}

/**
 * Returns the query with its devices as in hits: by id, which tells devices of one name apart, or by machine name. One
 * that is not known stays as given.
 */
function withDevice<Q extends Pick<UsageQuery, 'device'>>(
  { tailnet }: Pick<HitServices, 'tailnet'>,
  query: Q,
): Q {
  if (query.device === undefined) return query;
  const device = eachTerm(query.device, (given) => {
    const match = matchDevice(tailnet.view().status?.devices ?? [], given);
    return match?.kind === 'found' && match.device.id !== given ? match.device.name : given;
  });
  return { ...query, device };
}

/** Returns the range, by default the last 24 hours, and the filter of a list of hits. */
export function hitsAsked(services: Pick<HitServices, 'tailnet' | 'accessLog'>, query: UsageQuery) {
  const range = rangeOf(query, 24, Date.now());
  const filter = filterOf(withDevice(services, query), services.accessLog.countNonTailnet);
  return { range, filter };
}

/** Returns the part of a range of which single hits are kept; empty when there is none. */
export function keptOf(
  { instance }: Pick<HitServices, 'instance'>,
  { from, to }: TimeRange,
): TimeRange {
  const kept = Math.floor((Date.now() - instance.rawDays * DAY) / HOUR) * HOUR + HOUR;
  return { from: Math.min(Math.max(from, kept), to), to };
}

/** Returns single hits, newest first, by default of the last 24 hours. */
export async function accessLogs(
  services: HitServices,
  query: AccessLogsQuery,
): Promise<AccessLogsResponse> {
  const { accesses } = services.histories;
  const { range, filter } = hitsAsked(services, query);
  const { hits, nextCursor } = await accesses.hits(
    range,
    filter,
    query.limit,
    query.cursor ?? null,
  );
  const { from, to } = keptOf(services, range);
  const hitsIn = async (part: TimeRange) =>
    part.from < part.to ? (await accesses.totals(part, filter)).hits : 0;
  const kept = await hitsIn({ from, to });
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    total: (await hitsIn({ from: range.from, to: from })) + kept,
    kept,
    hits: hits.map(hitResponse),
    next_cursor: nextCursor,
  };
}

/** Returns what the dashboard shows of a range, by default the last week, and of the range just before it. */
export async function dashboardUsage(
  services: Services,
  query: UsageQuery,
): Promise<UsageResponse> {
  const { histories, tailnet, accessLog } = services;
  const range = rangeOf(query, WEEK_HOURS, Date.now());
  const filter = filterOf(withDevice(services, query), accessLog.countNonTailnet);
  const usage = await histories.accesses.usage(range, filter);
  const length = range.to - range.from;
  const previous = await histories.accesses.totals(
    { from: range.from - length, to: range.from },
    filter,
  );
  const recent = await histories.accesses.hits(range, filter, RECENT, null);
  const { status } = tailnet.view();
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    total_accesses: usage.totalAccesses,
    unique_users: usage.uniqueUsers,
    unique_devices: usage.uniqueDevices,
    ...visitorCounts(usage.visitors),
    connected_devices: status && countDevices(status.devices, judgedNow(services, status)).online,
    bytes: usage.bytes,
    p50_ms: usage.p50Ms,
    p95_ms: usage.p95Ms,
    response_time_error: usage.responseTimeError,
    previous: {
      total_accesses: previous.hits,
      unique_users: previous.users,
      ...visitorCounts(previous.visitors),
    },
    // Field by field, as below: an object made of parts of another is kept as a table, several times as large.
    top_endpoints: usage.topEndpoints.map((of) => ({
      endpoint: of.endpoint,
      host: of.host,
      hits: of.hits,
      users: of.users,
      people: of.people,
      errors: of.errors,
      p50_ms: of.p50Ms,
      p95_ms: of.p95Ms,
    })),
    by_user: usage.byUser.map(({ user, hits, errors, devices, userName }) => {
      return { user, hits, errors, devices, name: userName };
    }),
    by_device: usage.byDevice,
    by_host: usage.byHost.map((of) => ({
      host: of.host,
      hits: of.hits,
      users: of.users,
      people: of.people,
      devices: of.devices,
      errors: of.errors,
      bytes: of.bytes,
      series: of.series,
      p50_ms: of.p50Ms,
      p95_ms: of.p95Ms,
      last_access: isoTime(of.lastAccess),
    })),
    by_status: usage.byStatus,
    step_seconds: usage.stepMs / 1000,
    time_zone: usage.timeZone,
    series: usage.series.map(({ hits, users, people, errors, time }) => {
      return { hits, users, people, errors, time: isoTime(time) };
    }),
    recent: recent.hits.map(hitResponse),
    left_out: {
      bots: usage.leftOut.bots,
      loopback: usage.leftOut.loopback,
      non_tailnet: usage.leftOut.nonTailnet,
    },
  };
}

const visitorCounts = ({ people, servers, unnamed }: VisitorCounts) => ({
  people,
  servers,
  unnamed_addresses: unnamed,
});
