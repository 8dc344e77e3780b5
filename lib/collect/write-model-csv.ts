import type { ModelTracker } from '../models/tracker';
import type { Collector } from './collector';

/** Writes reports into the CSV file that could not be written when they arrived, and deletes those past retention. */
export class WriteModelCsv implements Collector {
  readonly name = 'write_model_csv';
  readonly schedule = '45 * * * * *';

  constructor(
    private readonly models: Pick<ModelTracker, 'flush' | 'prune'>,
    private readonly keepDays: number,
  ) {}

  async run(): Promise<void> {
    await this.models.flush();
    await this.models.prune(this.keepDays);
  }
}
