'use client';

import { directionOf } from '../_ui/name';
import styles from './filter-chips.module.css';
import { isFiltered, type View, withoutFilters, withValue } from './view';
import { useView, ViewLink } from './view-context';
import { FILTERS, reversed, termOf } from './view-filters';

/** The filters of the view: each can be removed, and turned into its opposite. */
export function FilterChips() {
  const { view } = useView();
  if (!isFiltered(view)) return null;
  const { text: _, ...withoutText } = view;
  const chips = FILTERS.flatMap((name) =>
    (view.filters[name] ?? []).map((value) => {
      const term = termOf(value);
      const opposite = withValue(view, name, value, reversed(value));
      const without = withValue(view, name, value, null);
      return { name, ...term, opposite, without };
    }),
  );
  return (
    <ul className={styles.chips} aria-label="Filters">
      {chips.map(({ name, not, value, opposite, without }) => (
        <li key={`${name} ${not} ${value}`} className={styles.chip} data-not={not}>
          <ViewLink
            to={opposite}
            className={styles.verb}
            title={not ? `Show only this ${name}` : `Show all but this ${name}`}
          >
            {name} {not && <b>is not</b>}
            <span className="hidden">
              {value}: {not ? `show only this ${name}` : `show all but this ${name}`}
            </span>
          </ViewLink>
          <Removal value={value} name={name} to={without} />
        </li>
      ))}
      {view.text !== undefined && (
        <li className={styles.chip}>
          <span>contains</span>
          <Removal value={view.text} name="text" to={withoutText} />
        </li>
      )}
      {chips.length + Number(view.text !== undefined) > 1 && (
        <li>
          <ViewLink to={withoutFilters(view)} className={styles.clear}>
            Clear
          </ViewLink>
        </li>
      )}
    </ul>
  );
}

function Removal({ value, name, to }: { value: string; name: string; to: View }) {
  return (
    <ViewLink to={to} className={styles.removal} title={`${value}: remove the filter`}>
      <span className="hidden">Remove the filter {name} </span>
      <bdi dir={directionOf(value)}>{value}</bdi>
      <span aria-hidden="true">×</span>
    </ViewLink>
  );
}
