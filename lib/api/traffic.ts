import type { TimeRange } from '../domain/access';
import { type Choice, chooser, eachTerm } from '../domain/choice';
import type { Device } from '../domain/device';
import { findDevice } from '../domain/device-query';
import { zoneNamed } from '../domain/time-zone';
import {
  type Bytes,
  bytesOf,
  type CountedSum,
  NO_BYTES,
  plus,
  type TrafficSum,
} from '../domain/traffic';
import {
  type TrafficStep,
  trafficEnd,
  trafficStart,
  trafficStarts,
} from '../domain/traffic-buckets';
import { budgetUses, hasBudget, monthOf } from '../domain/traffic-budget';
import type { Services } from '../services';
import { csvRow, withoutFormula } from '../util/csv';
import { DAY, HOUR } from '../util/time';
import { rangeOf } from './query';
import { OTHERS, partsOf, seriesOf } from './traffic-parts';
import type { TrafficQuery, TrafficResponse } from './traffic-schemas';
import { isoTime, isoTimeOrNull } from './wire';

/** The services that it needs. */
type Needed = {
  instance: Pick<Services['instance'], 'rawDays' | 'timeZone' | 'trafficBudget'>;
  histories: Pick<Services['histories'], 'traffic'>;
  tailnet: { view(): { status: { devices: readonly Device[] } | null } };
};

const MONTH_HOURS = 30 * 24;
/** Up to this length a series has hours. */
const BY_HOURS_MS = 3 * DAY + HOUR;

/** Returns what travelled between this device and the others in a range, by default the last 30 days. */
export async function traffic(services: Needed, query: TrafficQuery): Promise<TrafficResponse> {
  const { instance, histories } = services;
  const now = Date.now();
  const zone = zoneNamed(instance.timeZone);
  const asked = rangeOf(query, MONTH_HOURS, now);
  const step = stepOf(asked, now - instance.rawDays * DAY);
  const range = {
    from: trafficStart(step, asked.from, zone),
    to: Math.min(trafficEnd(step, asked.to - 1, zone), Math.max(now, asked.to)),
  };
  const filter = withIds(services, query);
  const ids = typeof filter.device === 'string' && filter.isKnown ? [filter.device] : null;
  const since = await histories.traffic.trafficSince();
  const all = await histories.traffic.trafficSums(step, range, ids);
  const sums = all.filter(filterOf(filter));
  const parts = partsOf(sums, query.by);
  const shown = new Set(parts.slice(0, query.top).map(({ key }) => key));
  const starts = since === null ? [] : trafficStarts(step, atLeast(range, since), zone);
  return {
    from: isoTime(range.from),
    to: isoTime(range.to),
    since: isoTimeOrNull(since),
    step_seconds: (step === 'day' ? DAY : HOUR) / 1000,
    time_zone: zone.name,
    total: bytesResponse(parts.reduce<Bytes>(plus, NO_BYTES)),
    by: parts.map(({ key, name, ...bytes }) => ({ key, name, ...bytesResponse(bytes) })),
    series: seriesOf(sums, starts, query.by, shown).map(({ time, by, ...bytes }) => ({
      time: isoTime(time),
      ...bytesResponse(bytes),
      by: Object.fromEntries(Object.entries(by).map(([key, of]) => [key, bytesResponse(of)])),
    })),
    checked_against: await checkedAgainst(services, query, step, range, sums),
    budgets: await budgets(services, now),
  };
}

/** Hours are kept as long as single hits. */
const stepOf = ({ from, to }: TimeRange, hoursFrom: number): TrafficStep =>
  to - from <= BY_HOURS_MS && from >= hoursFrom ? 'hour' : 'day';

const atLeast = ({ from, to }: TimeRange, since: number): TimeRange => ({
  from: Math.max(from, since),
  to,
});

const bytesResponse = ({ rxBytes, txBytes }: Bytes) => ({ rx_bytes: rxBytes, tx_bytes: txBytes });

type Filter = Pick<TrafficQuery, 'user' | 'path'> & {
  device: string | Choice<string> | undefined;
  /** It is the id of a device of the tailnet. */
  isKnown: boolean;
};

/** Returns the filter with its devices by id, whatever they were named by; one that is not known stays as given. */
function withIds({ tailnet }: Needed, { device, user, path }: TrafficQuery): Filter {
  const devices = tailnet.view().status?.devices ?? [];
  const given =
    device === undefined
      ? undefined
      : eachTerm(device, (term) => {
          const match = findDevice(devices, term);
          return match.kind === 'found' ? match.device.id : term;
        });
  return { device: given, user, path, isKnown: devices.some(({ id }) => id === given) };
}

function filterOf({ device, user, path }: Filter): (sum: TrafficSum) => boolean {
  const isDevice = chooser<string, TrafficSum>(
    device,
    (term, { nodeId, hostname }) => term === nodeId || term === hostname,
  );
  const isUser = chooser<string, TrafficSum>(user, (term, sum) => term === sum.user);
  const isPath = chooser<string, TrafficSum>(
    path,
    (term, sum) => term === sum.path || term === `${sum.path}:${sum.region}`,
  );
  return (sum) => isDevice(sum) && isUser(sum) && isPath(sum);
}

/** Returns what tailscaled counted by itself, if it did for all of what was counted; it tells only paths apart. */
async function checkedAgainst(
  { histories }: Needed,
  { device, user, path }: TrafficQuery,
  step: TrafficStep,
  range: TimeRange,
  sums: readonly TrafficSum[],
) {
  if (device !== undefined || user !== undefined || hasRegion(path)) return null;
  const counted = await histories.traffic.countedSums(step, range);
  const [first] = counted;
  const [firstSum] = sums;
  if (!first || (firstSum && firstSum.start < first.start)) return null;
  const isPath = chooser<string, CountedSum>(path, (term, sum) => term === sum.path);
  return bytesResponse(counted.filter(isPath).reduce<Bytes>(plus, NO_BYTES));
}

const hasRegion = (path: TrafficQuery['path']) => JSON.stringify(path ?? '').includes(':');

async function budgets({ instance, histories, tailnet }: Needed, now: number) {
  const { trafficBudget: budget } = instance;
  if (!hasBudget(budget)) return [];
  const month = monthOf(now, zoneNamed(instance.timeZone));
  const sums = await histories.traffic.trafficSums('day', month, null);
  const used = new Map(partsOf(sums, 'device').map((part) => [part.key, part]));
  const uses = budgetUses(budget, tailnet.view().status?.devices ?? [], used);
  return uses.map(({ device, limit, used: bytes }) => ({
    device_id: device?.id ?? null,
    hostname: device?.name ?? null,
    limit_bytes: limit,
    used_bytes: bytesOf(bytes),
  }));
}

/** Returns the series as CSV, a row for each part of each period. */
export function trafficCsv({ by, series }: TrafficResponse): string {
  const names = new Map(by.map(({ key, name }) => [key, name]));
  const rows = series.flatMap(({ time, by: parts }) =>
    Object.entries(parts).map(([key, { rx_bytes, tx_bytes }]) =>
      csvRow([
        ...[time, withoutFormula(key), withoutFormula(names.get(key) ?? OTHERS)],
        ...[rx_bytes, tx_bytes],
      ]),
    ),
  );
  return [csvRow(['time', 'key', 'name', 'rx_bytes', 'tx_bytes']), ...rows].join('');
}
