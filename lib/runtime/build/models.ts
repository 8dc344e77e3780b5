import path from 'node:path';
import type { Config } from '../../config/config';
import { LatencyBaselines } from '../../models/latency-baselines';
import { MetricsFile } from '../../models/metrics-file';
import { ModelTracker } from '../../models/tracker';
import type { Source } from './source';
import type { Storage } from './storage';

export type Models = {
  tracker: ModelTracker;
  /** The latency baseline of each device. */
  baselines: LatencyBaselines;
};

export async function buildModels(
  config: Config,
  { folder }: Source,
  { stores }: Storage,
): Promise<Models> {
  const csv = path.join(folder, 'models', 'metrics_history.csv');
  const file = new MetricsFile(csv, stores.modelCsv);
  const tracker = new ModelTracker({ store: stores.models, file, settings: config.modelLimits });
  await tracker.restore();
  return { tracker, baselines: new LatencyBaselines(stores.connections) };
}
