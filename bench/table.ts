import os from 'node:os';

/** Prints a table in Markdown, followed by the machine it was measured on and its other load. */
export function printTable(title: string, head: string[], rows: string[][]): void {
  const widths = head.map((cell, i) =>
    Math.max(cell.length, ...rows.map((r) => r[i]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((c, i) => c.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [cpu] = os.cpus();
  console.log(`\n${title}\n`);
  console.log(line(head));
  console.log(line(widths.map((width) => '-'.repeat(width))));
  for (const row of rows) console.log(line(row));
  console.log(
    `\n${new Date().toISOString().slice(0, 16)}Z, ${os.cpus().length} × ${cpu?.model.trim()}, Node ${process.versions.node}, load average ${os
      .loadavg()
      .map((n) => n.toFixed(1))
      .join(' ')}\n`,
  );
}

/** Returns the word for a target met or missed. */
export const verdict = (met: boolean) => (met ? 'met' : 'MISSED');
