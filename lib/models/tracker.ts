import { AppError } from '../domain/errors';
import type {
  HistoryPage,
  JudgedEntry,
  ModelEntry,
  ModelReport,
  ModelState,
  Recorded,
} from '../domain/model';
import { type Said, say } from '../domain/said';
import { logger } from '../log/log';
import type { ModelStore } from '../store/ports/models';
import { mutex } from '../util/mutex';
import { DAY } from '../util/time';
import {
  judge,
  limitsFor,
  MOST_BEFORE,
  type ModelSettings,
  stateOf,
  withSilence,
} from './baseline';
import type { MetricsFile } from './metrics-file';

const log = logger('models');
/** Enough for a homelab's jobs; a runaway one must fill neither the page nor the disk. */
export const MOST_MODELS = 100;

/** The report contradicts a stored one, or there is no room for its model; the message says which. */
export class ReportRefused extends AppError {
  override name = 'ReportRefused';
  constructor(message: Said) {
    super('conflict', message);
  }
}

type TrackerOptions = {
  store: ModelStore;
  file: MetricsFile;
  settings: ModelSettings;
  now?: () => number;
  /** Monotonic milliseconds, unaffected by clock changes. */
  elapsed?: () => number;
};

/** Stores what models report, and tracks how each is doing. */
export class ModelTracker {
  private readonly store: ModelStore;
  private readonly settings: ModelSettings;
  private readonly now: () => number;
  private readonly elapsed: () => number;
  private readonly modelStates = new Map<string, ModelState>();
  /** When each model was last updated, and its last entry's age then: setting the clock does not silence any model. */
  private readonly looks = new Map<string, { ageMs: number; elapsed: number }>();
  /** One change at a time: each builds on the previous one. */
  private readonly inTurn = mutex();
  readonly file: MetricsFile;

  constructor({
    store,
    file,
    settings,
    now = Date.now,
    elapsed = () => performance.now(),
  }: TrackerOptions) {
    this.store = store;
    this.file = file;
    this.settings = settings;
    this.now = now;
    this.elapsed = elapsed;
  }

  /** Loads what is stored. */
  async restore(): Promise<void> {
    const models = await this.store.models();
    const names = new Set(models.map(({ model }) => model));
    for (const name of this.modelStates.keys()) if (!names.has(name)) this.modelStates.delete(name);
    for (const { model, entries } of models) await this.look(model, entries);
  }

  /**
   * Stores a report and returns its entry. A report whose model, version and training time are already known is not
   * stored again. Throws `ReportRefused` when it contradicts the stored one or there are too many models, and
   * `StoreUnavailable`.
   */
  record(report: ModelReport): Promise<Recorded> {
    return this.inTurn(async () => {
      const { model, version, trainedAt } = report;
      const before =
        trainedAt === null ? null : await this.store.entryOf(model, version, trainedAt);
      if (before) {
        assertSame(before, report);
        return { entry: await this.judged(before), isNew: false };
      }
      if (!this.modelStates.has(model) && this.modelStates.size >= MOST_MODELS) {
        throw new ReportRefused(say('csvFaults.manyModels', { most: MOST_MODELS }));
      }
      const entry = await this.add(report);
      await this.look(model, (this.modelStates.get(model)?.entries ?? 0) + 1);
      // The report is stored, so a failed write of the file is left to the job that retries it.
      await this.file
        .flush()
        .catch((error) => log.error('the CSV could not be written', { error }));
      return { entry: await this.judged(entry), isNew: true };
    });
  }

  /** Returns whether a training has been reported. */
  async has(model: string, version: string | null, trainedAt: number): Promise<boolean> {
    return (await this.store.entryOf(model, version, trainedAt)) !== null;
  }

  /**
   * Writes what is stored but not yet in the CSV file: what could not be written earlier, and what has been imported
   * since. Throws `StoreUnavailable`.
   */
  flush(): Promise<void> {
    return this.inTurn(async () => {
      if (await this.file.flush()) await this.restore();
    });
  }

  /** Deletes reports that are older than this many days and in the CSV file. */
  prune(keepDays: number): Promise<void> {
    return this.inTurn(async () => {
      if (await this.store.pruneReports(this.now() - keepDays * DAY)) await this.restore();
    });
  }

  /** Returns how every model is doing, by name. */
  states(): ModelState[] {
    return [...this.modelStates.values()]
      .map((state) => withSilence(state, this.ageOf(state)))
      .sort((a, b) => a.model.localeCompare(b.model));
  }

  /** Returns a model's newest entries, oldest first, each with its baseline. Throws `BadCursor`. */
  async history(model: string, limit: number, cursor: string | null): Promise<HistoryPage> {
    const { entries, before, nextCursor } = await this.store.entries(
      model,
      limit,
      MOST_BEFORE,
      cursor,
    );
    const { factor } = limitsFor(this.settings, model);
    return { entries: judge([...before, ...entries], before.length, factor), nextCursor };
  }

  /**
   * Adds a report; two of the same millisecond stay two, since without a training time nothing says they are the same.
   */
  private async add(report: ModelReport): Promise<ModelEntry> {
    const [entry] = await this.store.addReports([report]);
    return entry ?? this.add({ ...report, time: report.time + 1 });
  }

  private async judged(entry: ModelEntry): Promise<JudgedEntry> {
    const cursor = `${entry.time}-${entry.id + 1}`;
    const page = await this.history(entry.model, 1, cursor);
    const [found] = page.entries;
    if (!found) throw new Error(`the entry ${entry.id} is not there`);
    return found;
  }

  private async look(model: string, count: number): Promise<void> {
    const { entries } = await this.store.entries(model, MOST_BEFORE + 1, 0, null);
    const state = stateOf(entries, count, this.settings);
    if (!state) return;
    const before = this.modelStates.get(model);
    this.modelStates.set(model, state);
    if (before?.last.id === state.last.id) return;
    this.looks.set(model, { ageMs: this.now() - state.last.time, elapsed: this.elapsed() });
  }

  /** Returns how long ago a model reported, in milliseconds. */
  private ageOf({ model }: ModelState): number {
    const look = this.looks.get(model);
    return look ? look.ageMs + this.elapsed() - look.elapsed : 0;
  }
}

function assertSame(before: ModelEntry, report: ModelReport): void {
  const text = ({ metrics }: ModelReport) =>
    JSON.stringify(Object.entries(metrics).sort(([a], [b]) => a.localeCompare(b)));
  if (text(before) === text(report)) return;
  throw new ReportRefused(say('csvFaults.otherMetrics'));
}
