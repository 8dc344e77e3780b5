/** A table as data: what a list shows, ready to be saved. */
export type CsvTable = {
  /** File name without `.csv`. */
  name: string;
  header: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
};

/** RFC 4180 text, CRLF. Text that a spreadsheet would run as a formula (it starts with `=`, `+`, `-`, `@`, tab or CR) gets a leading `'`. */
export function toCsv(table: CsvTable): string {
  return [table.header, ...table.rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Lets the browser save the table as `<name>.csv`. */
export function downloadCsv(table: CsvTable): void {
  const url = URL.createObjectURL(new Blob([toCsv(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${table.name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
