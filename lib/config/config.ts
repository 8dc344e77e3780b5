import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../domain/errors';
import { QUOTA_PLANS, type QuotaPlan } from '../domain/quota';
import { isSchedule } from '../domain/schedule';
import { isSecretSetting } from '../domain/setting';
import { isTimeZone, systemTimeZone } from '../domain/time-zone';
import type { TrafficBudget } from '../domain/traffic-budget';
import '../i18n/on-server';
import { type Language, languageSet } from '../i18n/languages';
import { t } from '../i18n/t';
import { SECOND } from '../util/time';
import { type AccessConfig, accessConfig, accessFields, tooWide } from './access';
import { type AlertsConfig, alertFields, alertsConfig, channelFaults } from './alerts';
import { CHANNEL_PAIRS } from './channels';
import {
  choice,
  empty,
  flag,
  httpUrl,
  json,
  list,
  says,
  text,
  timeZone,
  whole,
  wholeOr,
} from './fields';
import { type LogConfig, logConfig, logFields } from './logging';
import { type OtlpConfig, otlpConfig, otlpFields } from './otlp';
import { type SavedSettings, savedSettings, withSaved } from './saved-settings';
import { withSecretFiles } from './secret-files';
import { trafficBudget } from './traffic';

const limit = z.preprocess(
  empty,
  z
    .union(
      [z.literal('unlimited').transform(() => null), whole(0, 1_000_000)],
      says('settingFaults.limit'),
    )
    .optional(),
);
const limitsByModel = z.record(
  z.string(),
  z.strictObject({
    factor: z.number().gt(1).optional(),
    silentAfterHours: z.number().nonnegative().optional(),
  }),
);

const PLANS = Object.keys(QUOTA_PLANS) as [keyof typeof QUOTA_PLANS];

const schema = z.object({
  DATA_DIR: text,
  PATH: text,
  OBSERVATORY_WORKER: text,
  DEMO: z.preprocess(empty, z.enum(['1', '0'], says('settingFaults.oneOrZero')).optional()),
  TAILSCALE_SOCKET: text,
  TAILSCALE_PROXY_URL: httpUrl,
  TAILSCALE_CLI: text,
  ACCESS_LOG: text,
  ACCESS_LOG_FORMAT: text,
  ACCESS_LOG_BACKFILL: flag(true),
  COUNT_CLIENTS: choice(['tailnet', 'all'], 'tailnet'),
  COLLECT_SCHEDULE: z.preprocess(
    (value) => empty(value) ?? '* * * * * *',
    z.string().refine(isSchedule, says('settingFaults.schedule')),
  ),
  CONNECTION_INTERVAL_SECONDS: z.preprocess(
    (value) => empty(value) ?? '300',
    whole(30, 3_600).refine(
      (n) => n === 30 || (n % 60 === 0 && 3_600 % n === 0),
      says('settingFaults.interval'),
    ),
  ),
  CRITICAL_NODES: text,
  ...alertFields,
  MODEL_LIMITS: json(limitsByModel, '{"prophet/git":{"factor":3,"silentAfterHours":48}}'),
  TIME_ZONE: timeZone,
  LANGUAGE: text,
  TZ: text,
  RETENTION_RAW_DAYS: wholeOr(30, 1, 3_650),
  RETENTION_ROLLUP_DAYS: wholeOr(730, 1, 3_650),
  TRAFFIC_BUDGET: trafficBudget,
  QUOTA_PLAN: choice(PLANS, 'personal'),
  QUOTA_USERS: limit,
  QUOTA_EXTERNAL_USERS: limit,
  QUOTA_DEVICES: limit,
  ...accessFields,
  ...logFields,
  INFLUX_URL: httpUrl,
  INFLUX_TOKEN: text,
  INFLUX_ORG: text,
  INFLUX_BUCKET: text,
  ...otlpFields,
  ROLE: choice(['all', 'web', 'collector'], 'all'),
  COLLECTOR_NAME: text.refine(
    (value) => value === undefined || /^[\w.-]{1,60}$/.test(value),
    says('settingFaults.collectorName'),
  ),
  COLLECTOR_URL: httpUrl,
  COLLECTOR_TOKEN: text.refine(
    (value) => value === undefined || /^\S{24,200}$/.test(value),
    says('settingFaults.collectorToken'),
  ),
  /** Where Next's server listens; `npm start` sets it. */
  PORT: wholeOr(3_000, 1, 65_535),
});

export type Config = {
  /** The bundled ingest thread, beside the built server; absolute. */
  workerFile: string;
  /** Absolute. */
  dataDir: string;
  /** Where executables are searched, in the format of PATH. */
  searchPath: string | undefined;
  tailscale: {
    socket: string | undefined;
    proxyUrl: string | undefined;
    cli: string | undefined;
    demo: 'force' | 'never' | 'auto';
  };
  accessLog: {
    /** A path or a glob; absolute. */
    pattern: string | null;
    format: string | undefined;
    backfill: boolean;
    /** Clients outside the tailnet count as accesses too. */
    countNonTailnet: boolean;
  };
  collectSchedule: string;
  /** The time between two rounds of pings. */
  connectionIntervalMs: number;
  /** Host names; empty: chosen by role. */
  criticalDevices: string[];
  alerts: AlertsConfig;
  /** Overrides for single models, by name. */
  modelLimits: z.infer<typeof limitsByModel>;
  /** Whose days are counted; a name of the IANA database. */
  timeZone: string;
  /** What messages of channels are written in; readers of pages have their own. */
  language: Language;
  retention: { rawDays: number; rollupDays: number };
  quotaPlan: QuotaPlan;
  /** What may travel in a month. */
  trafficBudget: TrafficBudget;
  access: AccessConfig;
  log: LogConfig;
  /** `null`: the embedded SQLite store. */
  influx: { url: string; token: string; org: string; bucket: string } | null;
  /** `null`: metrics are pushed nowhere. */
  otlp: OtlpConfig | null;
  /** `web` serves pages from InfluxDB, `collector` fills it, `all` does both. */
  role: 'all' | 'web' | 'collector';
  /** What is collected: this device and its log. */
  collectorName: string;
  /** How replicas reach this collector. */
  cluster: {
    /** `null`: where this process listens. */
    url: string | null;
    listens: { host: string; port: number };
    /** Authenticates a replica to its collectors; `null`: only whois does. */
    token: string | null;
  };
};

/** Settings that require another one. */
const PAIRS = [
  ...CHANNEL_PAIRS,
  ['INFLUX_URL', 'INFLUX_TOKEN'],
  ['INFLUX_URL', 'INFLUX_ORG'],
] as const;

/** One or more settings are wrong; the message has a line for each, naming its variable. */
export class ConfigError extends AppError {
  override name = 'ConfigError';
  constructor(message: string) {
    super('config', message);
  }
}

export type Env = Record<string, string | undefined>;

/**
 * Reads the settings: of the environment, and those of the page that it leaves open. Throws one `ConfigError` that names
 * every faulty variable.
 */
export function readConfig(env: Env = process.env): Config {
  return checkSettings(env, savedSettings(env));
}

/** Returns the settings as they would be with these of the page. Throws as `readConfig` does. */
export function checkSettings(environment: Env, saved: SavedSettings): Config {
  const given = withSaved(environment, saved);
  const secrets = Object.keys(schema.shape).filter(isSecretSetting);
  const { env, faults: lines } = withSecretFiles(given, secrets);
  const parsed = schema.safeParse(env);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    const { message } = issue;
    const given = JSON.stringify(env[name]) ?? '';
    const fault = isSecretSetting(name) ? message : t('settingFaults.itIs', { message, given });
    lines.push(`${name}: ${fault}`);
  }
  for (const [one, other] of PAIRS) {
    if (env[one] && !env[other] && !env[`${other}_FILE`])
      lines.push(`${other}: ${t('settingFaults.setToo', { other: one })}`);
  }
  const tokenFile = path.join(
    path.resolve(/* turbopackIgnore: true */ env.DATA_DIR || 'data'),
    'tokens.json',
  );
  const hasTokens = existsSync(/* turbopackIgnore: true */ tokenFile);
  const wide = tooWide(env, env.HOSTNAME, hasTokens);
  if (wide) lines.push(wide);
  if ((env.ROLE === 'web' || env.ROLE === 'collector') && !env.INFLUX_URL) {
    lines.push(
      `INFLUX_URL: must be set too, since ROLE is ${env.ROLE}: collectors and replicas share an InfluxDB`,
    );
  }
  if (parsed.success) lines.push(...channelFaults(alertsConfig(parsed.data)));
  if (lines.length > 0 || !parsed.success) throw new ConfigError(lines.join('\n'));
  const e = parsed.data;
  const preset: QuotaPlan = QUOTA_PLANS[e.QUOTA_PLAN];
  const { limits } = preset;
  const dataDir = path.resolve(/* turbopackIgnore: true */ e.DATA_DIR ?? 'data');
  const alerts = alertsConfig(e);
  const { publicUrl } = alerts;
  const collectorUrl = e.COLLECTOR_URL?.replace(/\/+$/, '') ?? null;
  return {
    workerFile: e.OBSERVATORY_WORKER ?? path.join(process.cwd(), 'worker', 'ingest-worker.mjs'),
    dataDir,
    searchPath: e.PATH,
    tailscale: {
      socket: e.TAILSCALE_SOCKET,
      proxyUrl: e.TAILSCALE_PROXY_URL,
      cli: e.TAILSCALE_CLI,
      demo: e.DEMO === '1' ? 'force' : e.DEMO === '0' ? 'never' : 'auto',
    },
    accessLog: {
      pattern:
        e.ACCESS_LOG === undefined ? null : path.resolve(/* turbopackIgnore: true */ e.ACCESS_LOG),
      format: e.ACCESS_LOG_FORMAT,
      backfill: e.ACCESS_LOG_BACKFILL,
      countNonTailnet: e.COUNT_CLIENTS === 'all',
    },
    collectSchedule: e.COLLECT_SCHEDULE,
    connectionIntervalMs: e.CONNECTION_INTERVAL_SECONDS * SECOND,
    criticalDevices: list(e.CRITICAL_NODES),
    alerts,
    modelLimits: e.MODEL_LIMITS,
    // By the name that TZ has: the system may know it by an older one.
    timeZone: e.TIME_ZONE ?? (e.TZ && isTimeZone(e.TZ) ? e.TZ : systemTimeZone()),
    language: languageSet(e.LANGUAGE ?? ''),
    retention: { rawDays: e.RETENTION_RAW_DAYS, rollupDays: e.RETENTION_ROLLUP_DAYS },
    trafficBudget: e.TRAFFIC_BUDGET,
    quotaPlan: {
      ...preset,
      limits: {
        users: e.QUOTA_USERS === undefined ? limits.users : e.QUOTA_USERS,
        externalUsers:
          e.QUOTA_EXTERNAL_USERS === undefined ? limits.externalUsers : e.QUOTA_EXTERNAL_USERS,
        devices: e.QUOTA_DEVICES === undefined ? limits.devices : e.QUOTA_DEVICES,
      },
    },
    access: accessConfig(e, [publicUrl, collectorUrl]),
    log: logConfig(
      e,
      secrets.flatMap((name) => env[name] ?? []),
    ),
    influx:
      e.INFLUX_URL && e.INFLUX_TOKEN && e.INFLUX_ORG
        ? {
            url: e.INFLUX_URL.replace(/\/+$/, ''),
            token: e.INFLUX_TOKEN,
            org: e.INFLUX_ORG,
            bucket: e.INFLUX_BUCKET ?? 'analytics',
          }
        : null,
    otlp: otlpConfig(e),
    role: e.ROLE,
    // Not the host name: a recreated container has another one, and would count its log again under it.
    collectorName: e.COLLECTOR_NAME ?? 'main',
    cluster: {
      // The page of a process that only collects is served by its replicas: PUBLIC_URL is theirs.
      url: collectorUrl ?? (e.ROLE === 'all' ? publicUrl : null),
      listens: { host: e.HOSTNAME ?? '127.0.0.1', port: e.PORT },
      token: e.COLLECTOR_TOKEN ?? null,
    },
  };
}
