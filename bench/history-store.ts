import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HitBatch } from '../lib/rollup/hit-batch';
import type { Stores } from '../lib/store/ports/stores';
import { openSqliteStores } from '../lib/store/sqlite/stores';
import { HOUR } from '../lib/util/time';
import { hitsOf } from './traffic';
import { workFolder } from './work-folder';

export type History = { hits: number; days: number };

/** The number of hits in a commit of the product's own ingest. */
const BATCH = 32_000;
/** The product's defaults; longer histories get a longer retention. */
const RAW_DAYS = 30;
const ROLLUP_DAYS = 730;
const rollupDays = ({ days }: History) => Math.max(ROLLUP_DAYS, days + 1);

/** The million hits of the log, over thirty days. */
export const MILLION: History = { hits: 1_000_000, days: 30 };
/** Ten times the history at the same rate takes ten times the time: the product keeps its raw hits for thirty days. */
export const TEN_MILLION: History = { hits: 10_000_000, days: 300 };
/** Ten times the history at ten times the rate: every range has ten times as many hits. */
export const DENSE: History = { hits: 10_000_000, days: 30 };
/** Long enough that the longest range and the period before it are filled in the shorter history too. */
export const LONG_MILLION: History = { hits: 1_000_000, days: 180 };
export const LONG_TEN_MILLION: History = { hits: 10_000_000, days: 1_800 };

export type HistoryFolder = {
  dataDir: string;
  /** An empty log for the product to follow. */
  accessLog: string;
  /** Settings that the product needs. */
  env: Record<string, string>;
};

/**
 * Returns a data directory with a history up to this hour, pruned and rolled up like the product's; written by the
 * store's own commit. Reused while it is less than an hour old.
 */
export async function historyFolder(history: History): Promise<HistoryFolder> {
  const { hits, days } = history;
  const folder = await workFolder(`history-${hits}-${days}`);
  const dataDir = path.join(folder, 'data');
  const accessLog = path.join(folder, 'access.log');
  const madeFile = path.join(folder, 'made');
  const found = { dataDir, accessLog, env: { RETENTION_ROLLUP_DAYS: String(rollupDays(history)) } };
  const end = Math.floor(Date.now() / HOUR) * HOUR;
  const made = await readFile(madeFile, 'utf8').catch(() => '0');
  if (Date.now() - Number(made) < HOUR) return found;

  console.log(`making a history of ${hits.toLocaleString('en')} hits over ${days} days …`);
  await rm(folder, { recursive: true, force: true });
  await workFolder(`history-${hits}-${days}`);
  await writeFile(accessLog, '');
  const store = await openSqliteStores(path.join(dataDir, 'observatory.sqlite'));
  await commitHistory(store, history, accessLog, end);
  await store.maintenance.prune(Date.now(), { rawDays: RAW_DAYS, rollupDays: rollupDays(history) });
  while (await store.maintenance.rollUp(Date.now()));
  await store.close();
  await writeFile(madeFile, String(Date.now()));
  return found;
}

/** Stores the hits of a history up to `end`, in batches like those of the product's own ingest. */
export async function commitHistory(
  store: Pick<Stores, 'ingest'>,
  { hits, days }: History,
  accessLog: string,
  end: number,
): Promise<void> {
  const checkpoint = {
    ...{ file: 1, log: `${accessLog}.past`, path: `${accessLog}.past`, device: 0, inode: 0 },
    ...{ fingerprint: '', offset: 0, retired: true },
  };
  let batch = new HitBatch(BATCH);
  const commit = async () => {
    await store.ingest.commit({ hits: batch, rejected: [], checkpoints: [{ ...checkpoint }] });
    batch = new HitBatch(BATCH);
  };
  for (const hit of hitsOf({ hits, days, end })) {
    batch.add({ ...hit, endpoint: hit.path, host: null }, 1, checkpoint.offset);
    checkpoint.offset += 180;
    if (batch.length === BATCH) await commit();
  }
  await commit();
}
