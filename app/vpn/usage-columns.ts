import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import type { NumberColumn } from '../_ui/data-table';
import { medianMeaning, p95Meaning } from '../_ui/meanings';
import { formatQuantile, quantileMeaning } from '../_ui/quantile';

/** Columns that several tables of accesses have. */

export const hits = (): NumberColumn<{ hits: number }> => ({
  heading: t('usage.accesses'),
  unit: (row) => t('usage.accessUnit', { count: row.hits }),
  text: (row) => formatCount(row.hits),
});
/** Stray errors are normal; one response in twenty is worth a colour. */
const ALARMING_SHARE = 0.05;
export const errors = (): NumberColumn<{ hits: number; errors: number }> => ({
  heading: t('usage.errors'),
  unit: (row) => t('usage.errorUnit', { count: row.errors }),
  text: (row) => formatCount(row.errors),
  alarming: (row) => row.errors >= row.hits * ALARMING_SHARE && row.errors > 0,
});
export const people = (): NumberColumn<{ people: number }> => ({
  heading: t('usage.people'),
  unit: (row) => t('usage.personUnit', { count: row.people }),
  text: (row) => formatCount(row.people),
});
export const deviceCount = (): NumberColumn<{ devices: number }> => ({
  heading: t('usage.devices'),
  unit: ({ devices }) => t('usage.deviceUnit', { count: devices }),
  text: ({ devices }) => formatCount(devices),
});

type Timed = { p50_ms: number | null; p95_ms: number | null };

/** Returns the columns of response times, which are accurate to `error`. */
export const responseTimes = (error: number): NumberColumn<Timed>[] => [
  {
    heading: 'p50',
    meaning: quantileMeaning(medianMeaning(), error),
    unit: () => 'p50',
    text: ({ p50_ms }) => formatQuantile(p50_ms, error),
    secondary: true,
  },
  {
    heading: 'p95',
    meaning: quantileMeaning(p95Meaning(), error),
    unit: () => 'p95',
    text: ({ p95_ms }) => formatQuantile(p95_ms, error),
  },
];
