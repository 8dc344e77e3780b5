import { say } from '../domain/said';
import type { ModelStore } from '../store/ports/models';
import { type CsvFault, readReports } from './report-csv';
import { MOST_MODELS, ReportRefused } from './tracker';

export type Imported = { added: number; known: number; models: number; faults: CsvFault[] };

/**
 * Imports the readable reports of a CSV into the store. Existing reports stay as they are, so the same file may be
 * imported again. `model` names the model where the file does not. Throws `ReportRefused` when there would be too many
 * models.
 */
export async function importReports(
  store: Pick<ModelStore, 'addReports' | 'models'>,
  text: string,
  model?: string,
): Promise<Imported> {
  const { reports, faults } = readReports(text, model);
  const names = new Set(reports.map((report) => report.model));
  const before = (await store.models()).map((known) => known.model);
  if (new Set([...before, ...names]).size > MOST_MODELS) {
    throw new ReportRefused(say('csvFaults.tooManyModels', { most: MOST_MODELS }));
  }
  const added = await store.addReports(reports.map((report) => ({ ...report, imported: true })));
  return { added: added.length, known: reports.length - added.length, models: names.size, faults };
}
