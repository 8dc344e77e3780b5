import { countDevices, type TailnetStatus } from '../domain/device';
import { quotaStatus as countQuota } from '../domain/quota';
import type { Services } from '../services';
import { lastStatus } from './last-status';
import { type AccessLogsQuery, filterOf, rangeOf, type UsageQuery } from './query';
import type {
  AccessLogsResponse,
  DevicesResponse,
  QuotaStatusResponse,
  UsageResponse,
} from './schemas';
import { deviceResponse, hitResponse, isoTime } from './wire';

const WEEK_HOURS = 7 * 24;
const RECENT = 5;

/** Every device of the tailnet, our own node too. */
export async function devices(services: Services): Promise<DevicesResponse> {
  const { status, answeredAt, stale, source } = lastStatus(services);
  const known = told.get(status);
  const generated_at = isoTime(answeredAt);
  if (known && known.generated_at === generated_at && known.stale === stale) return known;
  const answer = {
    generated_at,
    source,
    stale,
    tailnet: { name: status.tailnet.name, magic_dns_suffix: status.tailnet.magicDnsSuffix },
    counts: countDevices(status.devices),
    devices: known?.devices ?? status.devices.map(deviceResponse),
  };
  told.set(status, answer);
  return answer;
}

/** tailscaled is asked every ten seconds, we are asked more often. */
const told = new WeakMap<TailnetStatus, DevicesResponse>();

/** The tailnet counted against its plan. */
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

/** Hits one by one, newest first, by default of the last 24 hours. */
export async function accessLogs(
  services: Services,
  query: AccessLogsQuery,
): Promise<AccessLogsResponse> {
  const { histories, accessLog } = services;
  const range = rangeOf(query, 24, Date.now());
  const filter = filterOf(query, accessLog.countNonTailnet);
  const { hits, nextCursor } = await histories.accesses.hits(
    range,
    filter,
    query.limit,
    query.cursor ?? null,
  );
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    total: (await histories.accesses.totals(range, filter)).hits,
    hits: hits.map(hitResponse),
    next_cursor: nextCursor,
  };
}

/** What the dashboard shows of a range, by default the last week, beside the range just before it. */
export async function dashboardUsage(
  services: Services,
  query: UsageQuery,
): Promise<UsageResponse> {
  const { histories, tailnet, accessLog } = services;
  const range = rangeOf(query, WEEK_HOURS, Date.now());
  const filter = filterOf(query, accessLog.countNonTailnet);
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
    connected_devices: status && countDevices(status.devices).online,
    bytes: usage.bytes,
    p50_ms: usage.p50Ms,
    p95_ms: usage.p95Ms,
    previous: { total_accesses: previous.hits, unique_users: previous.users },
    top_endpoints: usage.topEndpoints.map(({ p50Ms, p95Ms, ...rest }) => ({
      ...rest,
      p50_ms: p50Ms,
      p95_ms: p95Ms,
    })),
    by_user: usage.byUser.map(({ userName, ...rest }) => ({ ...rest, name: userName })),
    by_device: usage.byDevice,
    by_status: usage.byStatus,
    step_seconds: usage.stepMs / 1000,
    series: usage.series.map(({ time, ...rest }) => ({ ...rest, time: isoTime(time) })),
    recent: recent.hits.map(hitResponse),
    left_out: {
      bots: usage.leftOut.bots,
      loopback: usage.leftOut.loopback,
      non_tailnet: usage.leftOut.nonTailnet,
    },
  };
}
