'use client';

import { useSearchParams } from 'next/navigation';
import { type ComponentProps, createContext, type ReactNode, useContext, useMemo } from 'react';
import { Name } from '../_ui/name';
import { ShallowLink } from '../_ui/shallow-link';
import { useZone } from '../_ui/zone';
import { deviceListParameters, parseDeviceList } from './device-list-view';
import {
  parseView,
  rangeIssue,
  type View,
  viewHref,
  withFilter,
  withTyped,
  withValue,
} from './view';
import styles from './view-context.module.css';
import type { FilterName } from './view-filters';

type Context = {
  view: View;
  /** Why the custom range of the address is not used; `null` when it is, or when there is none. */
  rangeIssue: string | null;
  /** Why what was typed into the filter bar, without JavaScript, is not used. */
  filterIssue: string | null;
  /** The address of another view of this page. */
  hrefOf: (next: View) => string;
  /** Shows another view without loading a page, so that Back returns to this one; `null` where only a link can. */
  go: ((next: View) => void) | null;
};

/** The page with the list of devices, whose filters and order another view keeps. */
const LIST_PAGE = '/vpn';

const ViewContext = createContext<Context | null>(null);

/** Provides the view named by the URL. `live`: the page fetches what another view needs itself. */
export function ViewProvider({
  page,
  live,
  children,
}: {
  page: string;
  live: boolean;
  children: ReactNode;
}) {
  const query = useSearchParams().toString();
  const zone = useZone();
  const context = useMemo<Context>(() => {
    const params = new URLSearchParams(query);
    const view = parseView(params, zone);
    const list = page === LIST_PAGE ? deviceListParameters(parseDeviceList(params)) : [];
    const hrefOf = (next: View) => withParameters(viewHref(next, page), list);
    const go = (next: View) => window.history.pushState(null, '', hrefOf(next));
    const filterIssue = withTyped(view, params.get('filter') ?? '').issue;
    return {
      view,
      rangeIssue: rangeIssue(params, zone),
      filterIssue,
      hrefOf,
      go: live ? go : null,
    };
  }, [query, page, live, zone]);
  return <ViewContext value={context}>{children}</ViewContext>;
}

function withParameters(href: string, more: readonly [string, string][]): string {
  if (more.length === 0) return href;
  return `${href}${href.includes('?') ? '&' : '?'}${new URLSearchParams([...more])}`;
}

/** Returns the current view and how to change it. */
export function useView(): Context {
  const context = useContext(ViewContext);
  if (!context) throw new Error('useView needs a ViewProvider around it.');
  return context;
}

/** A link to another view of the page; with JavaScript it does not reload. */
export function ViewLink({
  to,
  ...rest
}: Omit<ComponentProps<typeof ShallowLink>, 'href' | 'shallow'> & { to: View }) {
  const { go, hrefOf } = useView();
  return <ShallowLink {...rest} href={hrefOf(to)} shallow={go !== null} />;
}

/** A value that filters the page when pressed; pressed again, it removes the filter. */
export function FilterLink({
  filter,
  value,
  text = value,
  title,
}: {
  filter: FilterName;
  value: string;
  text?: string;
  title?: string;
}) {
  const { view } = useView();
  if (value === '') return <Name text={text} title={title} />;
  const active = view.filters[filter]?.includes(value) ?? false;
  return (
    <ViewLink
      to={active ? withValue(view, filter, value, null) : withFilter(view, filter, value)}
      current={active}
      className={styles.filter}
    >
      <Name text={text} title={title ?? value} />
    </ViewLink>
  );
}
