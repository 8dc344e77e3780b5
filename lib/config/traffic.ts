import * as z from 'zod';
import type { TrafficBudget } from '../domain/traffic-budget';
import { t } from '../i18n/t';
import { empty, list } from './fields';

const UNITS: Record<string, number> = {
  ...{ kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
};
const AMOUNT = /^(\d{1,9}(?:\.\d{1,3})?)\s*([kmgt]i?b)$/i;

/** Returns an amount such as `500 GB` or `1.5TiB` in bytes; `null` when it is none. */
function amountOf(text: string): number | null {
  const [, number, unit = ''] = AMOUNT.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  return bytes > 0 ? bytes : null;
}

/**
 * What may travel in a month: `500GB` of all together, `nas=100GB` of one device, `*=20GB` of each other, separated by
 * commas.
 */
export const trafficBudget = z.preprocess(
  empty,
  z
    .string()
    .default('')
    .transform((value, context): TrafficBudget => {
      const fault = (message: string) => context.addIssue({ code: 'custom', message });
      const limits = new Map<string, number>();
      for (const entry of list(value)) {
        const at = entry.lastIndexOf('=');
        const name = entry.slice(0, Math.max(0, at)).trim().toLowerCase().replace(/\.$/, '');
        const limit = amountOf(entry.slice(at + 1).trim());
        if (limit === null || (at >= 0 && name === '')) {
          fault(t('settingFaults.amount', { entry: JSON.stringify(entry) }));
        } else if (limits.has(name)) {
          fault(name === '' ? t('settingFaults.allTwice') : t('settingFaults.twice', { name }));
        } else limits.set(name, limit);
      }
      const { '': all = null, '*': each = null, ...devices } = Object.fromEntries(limits);
      return { all, each, devices };
    }),
);
