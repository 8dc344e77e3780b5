import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';

/** The filters of a view. Each value is written as in the API: `!` in front means all others, `/git/*` a beginning. */
export const FILTERS = ['user', 'device', 'endpoint', 'host', 'status'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, readonly string[]>>;

/** Returns what a filter is called. It is typed by its name in English, as in the API. */
export const filterName = (name: FilterName | 'text') => t(`view.${name}`);

/** The longest values, and the most of a filter, that the API accepts; what is beyond them in a URL is ignored. */
const LONGEST: Record<FilterName, number> = {
  user: 320,
  device: 255,
  endpoint: 256,
  host: 253,
  status: 3,
};
export const LONGEST_TEXT = 256;
const MOST = 50;

/** Reads the filters of URL parameters; values that cannot be used are left out. */
export function parseFilters(params: URLSearchParams): Filters {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const values = params.getAll(name).filter((value) => canBe(name, value));
    if (values.length > 0) filters[name] = [...new Set(values)].slice(0, MOST);
  }
  return filters;
}

/** Returns whether a value can be one of a filter. */
function canBe(name: FilterName, value: string): boolean {
  const { value: bare } = termOf(value);
  if (bare === '' || bare.length > LONGEST[name]) return false;
  return name !== 'status' || /^[1-5](xx|\d\d)$/.test(bare);
}

/** Returns a value apart from its `!`. */
export const termOf = (value: string) => ({
  not: value.startsWith('!'),
  value: value.replace(/^!/, ''),
});

/** Returns a value as what is asked for, if it was excluded, or else as what is excluded. */
export const reversed = (value: string) => (value.startsWith('!') ? value.slice(1) : `!${value}`);

/** What was typed into the filter bar: a value of a filter, text to look for, or why it is neither. */
export type Typed = { name: FilterName; value: string } | { text: string } | { issue: string };

/** Reads `host:git.example.org`, `!status:404` or `status:!404`; anything else is text to look for. */
export function parseTyped(typed: string): Typed {
  const [, not = '', word = '', rest = ''] = /^(!?)(\w+):(.*)$/s.exec(typed.trim()) ?? [];
  const name = FILTERS.find((filter) => filter === word.toLowerCase());
  if (name === undefined) {
    const text = typed.trim();
    return text.length > LONGEST_TEXT
      ? { issue: t('view.textTooLong', { count: formatCount(LONGEST_TEXT) }) }
      : { text };
  }
  const value = not + rest.trim();
  if (canBe(name, value)) return { name, value };
  if (name === 'status') return { issue: t('view.badStatus') };
  const count = formatCount(LONGEST[name]);
  return { issue: t('view.badValue', { name: filterName(name), count }) };
}
