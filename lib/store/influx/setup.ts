import { flux } from '@influxdata/influxdb-client';
import * as z from 'zod';
import { saidOf } from '../../domain/errors';
import { type Said, say } from '../../domain/said';
import { DAY, SECOND } from '../../util/time';
import type { Retention } from '../ports/maintenance';
import { StoreUnavailable } from '../ports/store-unavailable';
import { type BucketKind, type Influx, InfluxRefusal } from './client';
import { HOURLY_TASK, hourlyTask } from './hourly-task';

const DAY_SECONDS = DAY / SECOND;
/** Days kept beyond what is shown: InfluxDB drops whole days, and an hour has to be rolled up before its hits go. */
const MARGIN_DAYS = 2;
const KINDS = ['raw', 'rollups', 'state'] as const satisfies readonly BucketKind[];

const bucketsSchema = z.object({
  buckets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      retentionRules: z.array(z.object({ everySeconds: z.number() })).default([]),
    }),
  ),
});
const orgsSchema = z.object({ orgs: z.array(z.object({ id: z.string() })) });
const tasksSchema = z.object({
  tasks: z.array(z.object({ id: z.string(), flux: z.string() })).default([]),
});

/** The findings at the start, for the log and for `/healthz`. */
export type SetUp = {
  version: string;
  made: string[];
  /** Commands for what the token may not do; the product works without it. */
  advice: Said[];
};

/**
 * Creates missing buckets and the down-sampling task, and checks whether the server, the token and the buckets are
 * usable. Throws `StoreUnavailable` saying what is not, with the commands that fix it; an InfluxDB that does not answer
 * throws the same error with the code `busy`, since it may come back.
 */
export async function setUp(influx: Influx, retention: Retention, writes: boolean): Promise<SetUp> {
  const version = await serverVersion(influx);
  await assertFlux(influx, version);
  const buckets = await existingBuckets(influx);
  const result: SetUp = { version, made: [], advice: [] };
  const missing = KINDS.filter((kind) => !buckets.has(influx.bucket(kind)));
  if (missing.length > 0) {
    if (!writes) throw missingBuckets(influx, missing, retention);
    for (const kind of missing) await makeBucket(influx, kind, missing, retention);
    result.made.push(...missing.map((kind) => `bucket ${influx.bucket(kind)}`));
  }
  for (const kind of KINDS) {
    const kept = buckets.get(influx.bucket(kind));
    const wanted = seconds(kind, retention);
    if (kept === undefined || kept === 0 || (wanted > 0 && kept >= wanted)) continue;
    result.advice.push(
      say('influx.keepsLess', {
        bucket: influx.bucket(kind),
        days: Math.floor(kept / DAY_SECONDS),
        command: `influx bucket update --id $(influx bucket list --name ${influx.bucket(kind)} --hide-headers | cut -f1) --retention ${wanted === 0 ? 0 : `${wanted / DAY_SECONDS}d`}`,
      }),
    );
  }
  if (writes) {
    await assertWritable(influx);
    await makeTask(influx, result);
  }
  return result;
}

/** Returns how long a bucket keeps its data, in seconds; 0: for ever. */
function seconds(kind: BucketKind, { rawDays, rollupDays }: Retention): number {
  if (kind === 'state') return 0;
  return ((kind === 'raw' ? rawDays : rollupDays) + MARGIN_DAYS) * DAY_SECONDS;
}

async function serverVersion(influx: Influx): Promise<string> {
  let version = '';
  let build = '';
  try {
    await influx.request('GET', '/ping', '', 'text/plain', (headers) => {
      version = String(headers['x-influxdb-version'] ?? '');
      build = String(headers['x-influxdb-build'] ?? '');
    });
  } catch (error) {
    if (!(error instanceof InfluxRefusal)) throw error;
    if (error.status === 401 && /core|enterprise/i.test(build + error.message))
      throw noFlux(influx, '3');
    if (error.status !== null && error.status < 500) return version;
    throw new StoreUnavailable('busy', influx.unavailable(error).said, { cause: error });
  }
  if (/^v?3\.|^core|^enterprise/i.test(version) || /core|enterprise/i.test(build)) {
    throw noFlux(influx, version || build);
  }
  return version || 'unknown';
}

function noFlux(influx: Influx, version: string): StoreUnavailable {
  return new StoreUnavailable('failed', say('influx.noFlux', { url: influx.url, version }));
}

async function assertFlux(influx: Influx, version: string): Promise<void> {
  try {
    await influx.rows(flux`import "array" array.from(rows: [{ok: 1}])`, () => null);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    const status = cause instanceof InfluxRefusal ? cause.status : null;
    if (status === 405 || (status === 404 && !/organization/i.test(String(error)))) {
      throw noFlux(influx, version);
    }
    if (status === null || status >= 500 || status === 429) {
      throw new StoreUnavailable('busy', saidOf(error), { cause });
    }
    throw error;
  }
}

async function existingBuckets(influx: Influx): Promise<Map<string, number>> {
  const params = new URLSearchParams({ org: influx.org, limit: '100' });
  const retentions = new Map<string, number>();
  try {
    for (let offset = 0; ; offset += 100) {
      params.set('offset', String(offset));
      const answer = await influx.request('GET', `/api/v2/buckets?${params}`);
      const { buckets } = bucketsSchema.parse(answer);
      for (const { name, retentionRules } of buckets) {
        retentions.set(name, retentionRules[0]?.everySeconds ?? 0);
      }
      if (buckets.length < 100) return retentions;
    }
  } catch (error) {
    throw error instanceof InfluxRefusal ? influx.unavailable(error) : error;
  }
}

async function makeBucket(
  influx: Influx,
  kind: BucketKind,
  missing: readonly BucketKind[],
  retention: Retention,
): Promise<void> {
  try {
    const orgID = await orgId(influx);
    await influx.request('POST', '/api/v2/buckets', {
      orgID,
      name: influx.bucket(kind),
      retentionRules: [{ type: 'expire', everySeconds: seconds(kind, retention) }],
    });
  } catch (error) {
    if (!(error instanceof InfluxRefusal)) throw error;
    // Another process of this service was faster.
    if (error.status === 422 && /already exists/i.test(error.message)) return;
    if (error.status === 401 || error.status === 403 || error.status === 404) {
      throw missingBuckets(influx, missing, retention);
    }
    throw influx.unavailable(error);
  }
}

async function orgId(influx: Influx): Promise<string> {
  const params = new URLSearchParams({ org: influx.org });
  const { orgs } = orgsSchema.parse(await influx.request('GET', `/api/v2/orgs?${params}`));
  const [org] = orgs;
  if (!org) throw new InfluxRefusal(404, `organization ${influx.org} not found`);
  return org.id;
}

function missingBuckets(
  influx: Influx,
  missing: readonly BucketKind[],
  retention: Retention,
): StoreUnavailable {
  const commands = missing.map((kind) => {
    const keep = seconds(kind, retention) / DAY_SECONDS;
    return `  influx bucket create --org ${shell(influx.org)} --name ${shell(influx.bucket(kind))} --retention ${keep === 0 ? '0' : `${keep}d`}`;
  });
  return new StoreUnavailable(
    'failed',
    say('influx.missingBuckets', {
      url: influx.url,
      count: missing.length,
      commands: commands.join('\n'),
      buckets: KINDS.map((kind) => influx.bucket(kind)).join(', '),
    }),
  );
}

const shell = (word: string) =>
  /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Checks with an empty write, which is refused like any other when the token may not write. */
async function assertWritable(influx: Influx): Promise<void> {
  for (const kind of KINDS) {
    const params = new URLSearchParams({
      org: influx.org,
      bucket: influx.bucket(kind),
      precision: 'ns',
    });
    try {
      await influx.request('POST', `/api/v2/write?${params}`, '', 'text/plain');
    } catch (error) {
      if (!(error instanceof InfluxRefusal)) throw error;
      if (error.status === 401 || error.status === 403) {
        throw new StoreUnavailable(
          'read_only',
          say('influx.mayNotWrite', {
            bucket: influx.bucket(kind),
            url: influx.url,
            message: error.message,
            command: `influx auth create --org ${shell(influx.org)} ${KINDS.map((each) => `--read-bucket ID_OF_${influx.bucket(each)} --write-bucket ID_OF_${influx.bucket(each)}`).join(' ')}`,
          }),
          { cause: error },
        );
      }
      throw influx.unavailable(error);
    }
  }
}

async function makeTask(influx: Influx, result: SetUp): Promise<void> {
  const name = `${HOURLY_TASK} ${influx.bucket('raw')}`;
  const script = hourlyTask(name, influx.bucket('raw'), influx.bucket('rollups'));
  try {
    const params = new URLSearchParams({ org: influx.org, name });
    const { tasks } = tasksSchema.parse(await influx.request('GET', `/api/v2/tasks?${params}`));
    const [task] = tasks;
    if (!task) {
      await influx.request('POST', '/api/v2/tasks', {
        org: influx.org,
        flux: script,
        status: 'active',
      });
      result.made.push(`task ${name}`);
    } else if (task.flux !== script) {
      await influx.request('PATCH', `/api/v2/tasks/${task.id}`, { flux: script });
      result.made.push(`task ${name}, anew`);
    }
  } catch (error) {
    if (!(error instanceof InfluxRefusal)) throw error;
    result.advice.push(
      say('influx.noTask', {
        message: error.message,
        command: `influx task create --org ${shell(influx.org)} <<'FLUX'\n${script}\nFLUX`,
      }),
    );
  }
}
