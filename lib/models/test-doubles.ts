import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelReport } from '../domain/model';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';

/** For the tests of this folder. */

export const T0 = Date.UTC(2026, 10, 24, 4, 0, 0);

/** Creates a folder with a database in it; `open` gives what a restarted process sees. */
export async function testModels() {
  const folder = await mkdtemp(path.join(tmpdir(), 'models-'));
  const database = path.join(folder, 'observatory.sqlite');
  const opened: Stores[] = [];
  const open = async () => {
    const store = await openSqliteStores(database);
    opened.push(store);
    return store;
  };
  onTestFinished(async () => {
    for (const store of opened) await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, csv: path.join(folder, 'models', 'metrics_history.csv'), open };
}

export function report(more: Partial<ModelReport> = {}): ModelReport {
  return {
    model: 'prophet/git',
    time: T0,
    version: '1.0',
    trainedAt: null,
    horizon: '1 day',
    window: '30 days',
    metrics: { mae: 2.5, rmse: 3.1, r2: 0.8 },
    ...more,
  };
}
