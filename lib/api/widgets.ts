import type * as z from 'zod';
import { SEVERITIES } from '../domain/alert';
import type { Device } from '../domain/device';
import { NotFound } from '../domain/errors';
import { inWords, type Said, say } from '../domain/said';
import { zoneNamed } from '../domain/time-zone';
import type { CollectorServices, Services } from '../services';
import { DAY } from '../util/time';
import { deviceCalled } from './devices';
import { health } from './health';
import { lastStatus } from './last-status';
import { critical, monitoredDevice, summary } from './monitored-devices';
import type {
  LinkResponse,
  linkBody,
  SharedViewResponse,
  WidgetSummaryResponse,
} from './widget-schemas';
import { isoTime, isoTimeOrNull } from './wire';

type LinkBody = z.output<typeof linkBody>;

/** Returns the whole state in a few flat fields, for other programs' dashboards. */
export async function widgetSummary(services: Services): Promise<WidgetSummaryResponse> {
  const now = Date.now();
  const numbers = await summary(services);
  const { nodes } = await critical(services, {});
  const uptimes = nodes.flatMap(({ uptime_24h }) => uptime_24h ?? []);
  const today = await accessesToday(services, now);
  const [next = null] = keyExpiries(services);
  return {
    generated_at: numbers.generated_at,
    healthy: (await health(services)).status === 'ok',
    devices: numbers.nodes,
    devices_online: numbers.online,
    critical: numbers.critical,
    critical_online: numbers.critical_online,
    critical_direct: numbers.critical_direct,
    critical_relayed: numbers.critical_relayed,
    uptime_24h: uptimes.length > 0 ? uptimes.reduce((a, b) => a + b, 0) / uptimes.length : null,
    latency_ms: numbers.latency_ms,
    alerts_firing: numbers.alerts_firing,
    worst_alert: await worstAlert(services),
    accesses_today: today.hits,
    people_today: today.users,
    next_key_expiry: isoTimeOrNull(next?.keyExpiry ?? null),
    next_key_expiry_device: next?.name ?? null,
    next_key_expiry_days: next === null ? null : Math.floor((next.keyExpiry - now) / DAY),
  };
}

/** Returns our own devices whose keys expire, the first to expire first. */
export function keyExpiries(services: Services): (Device & { keyExpiry: number })[] {
  return lastStatus(services)
    .status.devices.flatMap((device) => {
      const { keyExpiry, classification } = device;
      return keyExpiry === null || classification !== 'own' ? [] : { ...device, keyExpiry };
    })
    .sort((a, b) => a.keyExpiry - b.keyExpiry);
}

function accessesToday({ histories, accessLog, instance }: Services, now: number) {
  const zone = zoneNamed(instance.timeZone);
  const from = zone.startOfDay(zone.dayOf(now));
  const filter = { bots: false, nonTailnet: accessLog.countNonTailnet };
  return histories.accesses.totals({ from, to: now }, filter);
}

async function worstAlert({ alerts }: Services): Promise<string | null> {
  const firing = (await alerts.open()).filter(({ state }) => state === 'firing');
  const severe = (one: (typeof firing)[number]) => SEVERITIES.indexOf(one.severity);
  const [worst] = firing.sort((a, b) => severe(b) - severe(a));
  return worst ? inWords(worst.title, worst.said?.title) : null;
}

/** Returns what a signed link shows now: of the devices it names, and nothing else. Throws `NotFound`. */
export async function sharedView(
  services: CollectorServices,
  { link }: { link: string },
): Promise<SharedViewResponse> {
  const read = await services.own.links.read(link);
  if (read.state !== 'valid') {
    throw new NotFound(say(read.state === 'expired' ? 'widgets.expired' : 'widgets.invalid'));
  }
  const { title, devices, until } = read.view;
  const present = new Map(lastStatus(services).status.devices.map((one) => [one.id, one]));
  return {
    generated_at: isoTime(Date.now()),
    title,
    expires_at: isoTime(until),
    devices: await Promise.all(
      devices.map((id) => {
        const device = present.get(id);
        return device ? sharedDevice(services, device) : goneDevice(services, id);
      }),
    ),
  };
}

type SharedDevice = SharedViewResponse['devices'][number];

async function sharedDevice(services: Services, device: Device): Promise<SharedDevice> {
  const { name: hostname } = device;
  const { presence: state, path } = services.connections.judge(device);
  const unknown = { latency_ms: null, uptime_24h: null };
  if (device.self) return { hostname, state, path: null, ...unknown };
  const { latency_ms, uptime_24h } = await monitoredDevice(services, device);
  return { hostname, state, path, latency_ms, uptime_24h };
}

function goneDevice({ tailnet }: Services, id: string): SharedDevice {
  const hostname = tailnet.former()[id]?.name ?? id;
  return { hostname, state: null, path: null, latency_ms: null, uptime_24h: null };
}

/** Makes a link to a view of these devices. Throws `NotFound` and `Ambiguous`. */
export async function makeLink(
  services: CollectorServices,
  { devices: names, title, days }: LinkBody,
): Promise<LinkResponse> {
  const devices = devicesOf(services, names);
  const until = Date.now() + days * DAY;
  const link = await services.own.links.sign({
    ...{ title, until, devices: devices.map(({ id }) => id) },
  });
  const path = `/embed/${link}`;
  const { publicUrl } = services.instance;
  return {
    path,
    url: publicUrl === null ? null : publicUrl.replace(/\/+$/, '') + path,
    expires_at: isoTime(Math.floor(until / 1_000) * 1_000),
    devices: devices.map(({ id, name }) => ({ id, hostname: name })),
  };
}

/** `nas, git for 30 days`: what a link shows, for the audit. */
export function linkText(services: Services, { devices, days }: LinkBody): Said {
  const names = devicesOf(services, devices).map(({ name }) => name);
  return say('widgets.linkTo', { devices: { list: names }, days });
}

/** Returns each device once, in the order given. */
const devicesOf = (services: Services, names: readonly string[]): Device[] => [
  ...new Map(
    names.map((name) => {
      const device = deviceCalled(services, name);
      return [device.id, device];
    }),
  ).values(),
];
