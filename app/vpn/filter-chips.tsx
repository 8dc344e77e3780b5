'use client';

import { t } from '@/lib/i18n/t';
import { directionOf } from '../_ui/name';
import { rich } from '../_ui/rich';
import styles from './filter-chips.module.css';
import { isFiltered, type View, withoutFilters, withValue } from './view';
import { useView, ViewLink } from './view-context';
import { FILTERS, filterName, reversed, termOf } from './view-filters';

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
      return { filter: name, name: filterName(name), ...term, opposite, without };
    }),
  );
  return (
    <ul className={styles.chips} aria-label={t('view.filters')}>
      {chips.map(({ filter, name, not, value, opposite, without }) => (
        <li key={`${filter} ${not} ${value}`} className={styles.chip} data-not={not}>
          <ViewLink
            to={opposite}
            className={styles.verb}
            title={t(not ? 'view.onlyThis' : 'view.allBut', { name })}
          >
            {not ? rich('view.isNot', { name, not: (words) => <b>{words}</b> }) : name}
            <span className="hidden">
              {' '}
              {t(not ? 'view.onlyThisOf' : 'view.allButOf', { name, value })}
            </span>
          </ViewLink>
          <Removal value={value} name={name} to={without} />
        </li>
      ))}
      {view.text !== undefined && (
        <li className={styles.chip}>
          <span>{t('view.contains')}</span>
          <Removal value={view.text} name={filterName('text')} to={withoutText} />
        </li>
      )}
      {chips.length + Number(view.text !== undefined) > 1 && (
        <li>
          <ViewLink to={withoutFilters(view)} className={styles.clear}>
            {t('view.clear')}
          </ViewLink>
        </li>
      )}
    </ul>
  );
}

function Removal({ value, name, to }: { value: string; name: string; to: View }) {
  return (
    <ViewLink to={to} className={styles.removal} title={t('view.remove', { value })}>
      <span className="hidden">{t('view.removeNamed', { name })} </span>
      <bdi dir={directionOf(value)}>{value}</bdi>
      <span aria-hidden="true">×</span>
    </ViewLink>
  );
}
