import { csvRow, withoutFormula } from '../../lib/util/csv';

/** A table as data, ready to be saved. */
export type CsvTable = {
  /** File name without `.csv`. */
  name: string;
  header: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
};

/**
 * RFC 4180 text, CRLF. Text that a spreadsheet would run as a formula (it starts with `=`, `+`, `-`, `@`, tab or CR)
 * gets a leading `'`.
 */
export function toCsv(table: CsvTable): string {
  return [table.header, ...table.rows].map((row) => csvRow(row.map(guarded))).join('');
}

/** Saves the table as `<name>.csv`. */
export function downloadCsv(table: CsvTable): void {
  downloadText(`${table.name}.csv`, 'text/csv;charset=utf-8', toCsv(table));
}

/** Saves text as a file of that name and media type. */
export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const guarded = (value: string | number | null) =>
  typeof value === 'string' ? withoutFormula(value) : value;
