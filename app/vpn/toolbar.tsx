'use client';

import type { ReactNode } from 'react';
import type { HealthResponse } from '@/lib/api/schemas';
import { directionOf } from '../_ui/name';
import { CollectorSwitch } from './collector-switch';
import { RangePicker } from './range-picker';
import styles from './toolbar.module.css';
import { FILTERS, withFilter, withoutFilters } from './view';
import { useView, ViewLink } from './view-context';

/** Chooses what the page shows: the range, the bots switch, and a chip for each filter. Sticks to the top. */
export function Toolbar({
  collectors = [],
  children,
}: {
  collectors?: HealthResponse['collectors'];
  children?: ReactNode;
}) {
  const { view } = useView();
  // The collector has a switch of its own.
  const chips = FILTERS.filter((name) => name !== 'collector' && view.filters[name] !== undefined);
  return (
    <div className={styles.toolbar}>
      <RangePicker />
      <div className={styles.more}>
        <CollectorSwitch collectors={collectors} />
        <ViewLink
          to={{ ...view, bots: !view.bots }}
          className={styles.switch}
          title={view.bots ? 'Bots are counted' : 'Bots are left out'}
        >
          <i data-on={view.bots} />
          <span>
            Count bots<span className="hidden">{view.bots ? ': on' : ': off'}</span>
          </span>
        </ViewLink>
        {chips.length > 0 && (
          <ul className={styles.chips} aria-label="Filters">
            {chips.map((name) => (
              <li key={name}>
                <ViewLink to={withFilter(view, name, null)} className={styles.chip}>
                  <span className="hidden">Remove the filter </span>
                  {name}{' '}
                  <bdi dir={directionOf(view.filters[name] ?? '')} title={view.filters[name]}>
                    {view.filters[name]}
                  </bdi>
                  <span aria-hidden="true">×</span>
                </ViewLink>
              </li>
            ))}
            {chips.length > 1 && (
              <li>
                <ViewLink to={withoutFilters(view)} className={styles.clear}>
                  Clear
                </ViewLink>
              </li>
            )}
          </ul>
        )}
      </div>
      <div className={styles.end}>{children}</div>
    </div>
  );
}
