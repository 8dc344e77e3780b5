'use client';

import { useCombobox } from 'downshift';
import { useSearchParams } from 'next/navigation';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { searchCalls } from '@/lib/calls/page-calls';
import { t } from '@/lib/i18n/t';
import { asSeenBy, parseView, viewHref, withFilter, withoutFilters } from '../vpn/view';
import { Name } from './name';
import styles from './palette.module.css';
import { paletteActions } from './palette-actions';
import type { Typed } from './palette-dialog';
import { findItems, kindWord, type PaletteItem, paletteItems, palettePages } from './palette-items';
import { usePolling } from './polling';
import { useIsAdmin } from './role';
import { useZone } from './zone';

const LIMIT = 12;
/** Set on an event that is handled here, with its Shift: https://github.com/downshift-js/downshift#customizing-handlers */
const NOT_BY_DOWNSHIFT = { preventDownshiftDefault: true };

/** Finds devices, users, endpoints, pages and actions by their words. */
export default function Palette({
  typed,
  onType,
  close,
  showShortcuts,
}: {
  typed: Typed;
  onType: (typed: Typed) => void;
  close: () => void;
  showShortcuts: () => void;
}) {
  const isAdmin = useIsAdmin();
  const search = useSearchParams().toString();
  const zone = useZone();
  const view = useMemo(() => parseView(new URLSearchParams(search), zone), [search, zone]);
  const { collector } = view;
  const calls = searchCalls(collector);
  const devices = usePolling(calls.devices, 0);
  const usage = usePolling(calls.usage, 0);
  const waiting = !devices.data && !devices.error;
  const items = useMemo(
    () => [
      ...palettePages(isAdmin),
      ...paletteItems(devices.data, usage.data),
      ...paletteActions(view, showShortcuts),
    ],
    [isAdmin, devices.data, usage.data, view, showShortcuts],
  );
  const { query, entered } = typed;
  const matches = useMemo(() => findItems(items, query, LIMIT), [items, query]);

  const open = (item: PaletteItem, filter: boolean) => {
    close();
    if (item.run) item.run();
    else if (item.href !== null && !(filter && item.filter)) {
      window.location.assign(asSeenBy(item.href, collector));
    } else if (item.filter) {
      const { name, value } = item.filter;
      showOnDashboard(viewHref(withFilter(withoutFilters(view), name, value)));
    }
  };
  const combobox = useCombobox({
    items: matches,
    inputValue: query,
    isOpen: true,
    defaultHighlightedIndex: 0,
    itemToString: (item) => item?.label ?? '',
    itemToKey: (item) => item && `${item.kind} ${item.label}`,
  });
  const { highlightedIndex } = combobox;

  const choose = (filter: boolean) => {
    const item = matches[Math.max(0, highlightedIndex)];
    // Enter pressed before the devices are there waits for them.
    if (waiting) onType({ query, entered: { filter } });
    else if (item) open(item, filter);
  };
  useEffect(() => {
    const [first] = matches;
    if (!entered || waiting) return;
    onType({ query, entered: null });
    if (first) open(first, entered.filter);
  });
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    Object.assign(event.nativeEvent, NOT_BY_DOWNSHIFT);
    if (event.key === 'Enter') choose(event.shiftKey);
  };

  // The field takes the place of the one that was there before it, at once: a key pressed in between would be lost.
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);

  return (
    <>
      <input
        {...combobox.getInputProps({
          ref: field,
          onKeyDown,
          onChange: ({ currentTarget }) => onType({ query: currentTarget.value, entered: null }),
        })}
        className={styles.input}
        aria-label={t('palette.title')}
        aria-labelledby={undefined}
        placeholder={t('palette.placeholder')}
        spellCheck={false}
      />
      <div
        {...combobox.getMenuProps({ 'aria-label': t('palette.matches') })}
        aria-labelledby={undefined}
        className={styles.list}
      >
        {matches.map((item, index) => (
          <div
            key={`${item.kind} ${item.label}`}
            {...combobox.getItemProps({
              item,
              index,
              onClick: ({ nativeEvent, shiftKey }) => {
                Object.assign(nativeEvent, NOT_BY_DOWNSHIFT);
                open(item, shiftKey);
              },
            })}
            className={styles.option}
          >
            <span className={styles.kind}>{kindWord(item.kind)}</span>
            <Name text={item.label} />
            {item.detail && (
              <span className={styles.detail}>
                <Name text={item.detail} />
              </span>
            )}
          </div>
        ))}
      </div>
      <p className={styles.note} role="status">
        {waiting ? t('palette.loading') : matches.length === 0 ? t('palette.noMatches') : ''}
      </p>
      <p className={styles.help}>{t('palette.help')}</p>
    </>
  );
}

function showOnDashboard(href: string): void {
  if (window.location.pathname === '/vpn') window.history.pushState(null, '', href);
  else window.location.assign(href);
}
