import { t } from '@/lib/i18n/t';

/** One class of responses: `code` 4 is 400 to 499; 0 holds what had no readable status. */
export type StatusClass = {
  code: number;
  label: string;
  hits: number;
  /** 0 to 1. */
  share: number;
  codes: { code: string; hits: number }[];
};

const labelOf = (code: number) => (code === 0 ? t('dashboard.noStatus') : `${code}xx`);

/**
 * Groups counts by status code into classes, failures first, each with its codes by hits. Classes without hits are left
 * out.
 */
export function statusClasses(byStatus: Record<string, number>): StatusClass[] {
  const total = Object.values(byStatus).reduce((sum, hits) => sum + hits, 0);
  const classes = new Map<number, StatusClass>();
  for (const [code, hits] of Object.entries(byStatus)) {
    if (hits === 0) continue;
    const number = /^[1-5]\d\d$/.test(code) ? Number(code[0]) : 0;
    const entry = classes.get(number) ?? {
      code: number,
      label: labelOf(number),
      hits: 0,
      share: 0,
      codes: [],
    };
    entry.hits += hits;
    entry.share = entry.hits / total;
    entry.codes.push({ code, hits });
    classes.set(number, entry);
  }
  for (const entry of classes.values()) entry.codes.sort((a, b) => b.hits - a.hits);
  return [...classes.values()].sort((a, b) => b.code - a.code);
}

/** Counts responses of 400 and above. */
export function countErrors(byStatus: Record<string, number>): number {
  return statusClasses(byStatus).reduce((sum, { code, hits }) => sum + (code >= 4 ? hits : 0), 0);
}
