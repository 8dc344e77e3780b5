import { formatBytes, formatCount } from '../domain/format';
import { t } from '../i18n/t';

/** The most entries of a list in an answer. */
export const MOST_ROWS = 200;
/** The most bytes of an answer: some 15,000 tokens, which clients still pass on to a model. */
export const MOST_BYTES = 40_000;

/** An answer as JSON; `note`: what was left out and how to ask for less, `null` when it is whole. */
export type Bounded = { text: string; note: string | null };

type Cut = { list: string; kept: number; total: number; newest: boolean };

/** Returns as much of an answer as is bearable: every list is cut to what fits. `parameters`: what narrows it. */
export function bounded(answer: unknown, parameters: readonly string[]): Bounded {
  for (let most = MOST_ROWS; most >= 1; most = Math.floor(most / 2)) {
    const cuts = new Map<string, Cut>();
    const text = JSON.stringify(shortened(answer, most, '', cuts));
    if (Buffer.byteLength(text) > MOST_BYTES) continue;
    if (cuts.size === 0) return { text, note: null };
    return { text, note: [...[...cuts.values()].map(cutText), narrower(parameters)].join(' ') };
  }
  const size = formatBytes(Buffer.byteLength(JSON.stringify(answer)));
  return { text: '{}', note: `${t('mcp.tooLarge', { size })} ${narrower(parameters)}` };
}

/** Copies an answer, its lists cut. What was cut is added to `cuts`, by where it is. */
function shortened(value: unknown, most: number, at: string, cuts: Map<string, Cut>): unknown {
  if (Array.isArray(value)) {
    const newest = isOldestFirst(value);
    const kept = newest ? value.slice(-most) : value.slice(0, most);
    if (kept.length < value.length) {
      const before = cuts.get(at);
      const total = Math.max(value.length, before?.total ?? 0);
      cuts.set(at, { list: at, kept: most, total, newest });
    }
    return kept.map((entry) => shortened(entry, most, `${at}[]`, cuts));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [
      name,
      shortened(inside, most, at === '' ? name : `${at}.${name}`, cuts),
    ]),
  );
}

const TIMES = ['timestamp', 'time', 'start', 'from'];

/** Returns whether a list goes forward in time, so that its end is what matters; plain numbers are series, too. */
function isOldestFirst(list: readonly unknown[]): boolean {
  const [first, last] = [list[0], list.at(-1)];
  if (typeof first === 'number' || first === null) return true;
  if (typeof first !== 'object' || typeof last !== 'object' || last === null) return false;
  const [from, to] = [new Map(Object.entries(first)), new Map(Object.entries(last))];
  return TIMES.some((name) => {
    const [one, other] = [from.get(name), to.get(name)];
    return typeof one === 'string' && typeof other === 'string' && one < other;
  });
}

const cutText = ({ list, kept, total, newest }: Cut) =>
  t(newest ? 'mcp.last' : 'mcp.first', {
    ...{ list: list === '' ? '[]' : list, kept: formatCount(kept), total: formatCount(total) },
  });

const narrower = (parameters: readonly string[]) =>
  parameters.length > 0
    ? t('mcp.narrow', { parameters: parameters.join(', ') })
    : t('mcp.noNarrower');
