'use client';

import { type FormEvent, lazy, Suspense, useId, useState } from 'react';
import { t } from '@/lib/i18n/t';
import { useZone } from '../_ui/zone';
import styles from './filter-bar.module.css';
import { HiddenParameters } from './hidden-parameters';
import { filterParameters, parseView, rangeParameters, withTyped } from './view';
import { useView } from './view-context';

const FilterOptions = lazy(() => import('./filter-options'));

/** Adds a filter: text to look for, or a name and a value such as `host:git.example.org`. Works without JavaScript. */
export function FilterBar() {
  const { view, filterIssue, hrefOf, go } = useView();
  const zone = useZone();
  const [issue, setIssue] = useState(filterIssue);
  const [suggesting, setSuggesting] = useState(false);
  const list = useId();
  const issueId = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('filter');
    // The address, since a filter entered a moment ago may not have been rendered yet.
    const params = new URLSearchParams(window.location.search);
    params.delete('filter');
    const next = withTyped(parseView(params, zone), String(typed ?? ''));
    setIssue(next.issue);
    if (next.issue !== null) return;
    event.currentTarget.reset();
    if (go) go(next.view);
    else window.location.assign(hrefOf(next.view));
  };
  return (
    <search className={styles.search}>
      <form method="get" onSubmit={submit} className={styles.form}>
        <label className={styles.field}>
          <span className="hidden">{t('view.filterLabel')}</span>
          <input
            type="search"
            name="filter"
            className="control"
            placeholder={t('view.filterHint')}
            list={list}
            autoComplete="off"
            spellCheck={false}
            maxLength={400}
            aria-describedby={issueId}
            aria-invalid={issue !== null}
            onFocus={() => setSuggesting(true)}
          />
        </label>
        <HiddenParameters of={[...rangeParameters(view), ...filterParameters(view)]} />
        <button type="submit" className="control">
          {t('view.filter')}
        </button>
        <p id={issueId} className={styles.issue} role="alert">
          {issue}
        </p>
      </form>
      <datalist id={list}>
        {suggesting && (
          <Suspense>
            <FilterOptions />
          </Suspense>
        )}
      </datalist>
    </search>
  );
}
