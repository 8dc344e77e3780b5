'use client';

import { useSearchParams } from 'next/navigation';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { searchCalls } from '@/lib/calls/page-calls';
import { asSeenBy, parseView, viewHref, withFilter, withoutFilters } from '../vpn/view';
import { Name } from './name';
import styles from './palette.module.css';
import { findItems, type PaletteItem, paletteItems, palettePages } from './palette-items';
import { usePolling } from './polling';
import { useIsAdmin } from './role';
import { useZone } from './zone';

const LIMIT = 12;
const LABEL = 'Find a device, user, endpoint or page';

/**
 * A dialog that finds devices, users, endpoints and pages: a combobox with a list. It is there before its data, so that
 * nothing typed is lost.
 */
export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const [entered, setEntered] = useState<{ filter: boolean } | null>(null);
  const isAdmin = useIsAdmin();
  const view = parseView(new URLSearchParams(useSearchParams().toString()), useZone());
  const { collector } = view;
  const calls = searchCalls(collector);
  const devices = usePolling(calls.devices, 0);
  const usage = usePolling(calls.usage, 0);
  const waiting = !devices.data && !devices.error;
  const items = useMemo(
    () => [...palettePages(isAdmin), ...paletteItems(devices.data, usage.data)],
    [isAdmin, devices.data, usage.data],
  );
  const matches = useMemo(() => findItems(items, query, LIMIT), [items, query]);

  useEffect(() => dialog.current?.showModal(), []);

  const open = (item: PaletteItem, filter: boolean) => {
    dialog.current?.close();
    if (item.href !== null && !(filter && item.filter)) {
      window.location.assign(asSeenBy(item.href, collector));
    } else if (item.filter) {
      const { name, value } = item.filter;
      showOnDashboard(viewHref(withFilter(withoutFilters(view), name, value)));
    }
  };
  const choose = (item: PaletteItem | undefined, filter: boolean) => {
    // Enter pressed before the devices are there waits for them.
    if (waiting) setEntered({ filter });
    else if (item) open(item, filter);
  };
  useEffect(() => {
    const first = matches[active];
    if (!entered || waiting) return;
    setEntered(null);
    if (first) open(first, entered.filter);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((active + 1) % Math.max(1, matches.length));
    else if (event.key === 'ArrowUp') setActive((active || matches.length) - 1);
    else if (event.key === 'Enter') choose(matches[active], event.shiftKey);
    else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop closes; Escape does so by keyboard.
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={LABEL}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <input
        className={styles.input}
        role="combobox"
        aria-expanded={matches.length > 0}
        aria-controls={list}
        aria-activedescendant={matches[active] ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        aria-label={LABEL}
        placeholder="Device, user, endpoint or page"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
          setEntered(null);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={list} aria-label="Matches" className={styles.list}>
        {matches.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input keeps the focus and handles the keys.
          <div
            key={`${item.kind} ${item.label}`}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.option}
            onPointerMove={() => setActive(index)}
            onClick={(event) => choose(item, event.shiftKey)}
          >
            <span className={styles.kind}>{item.kind}</span>
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
        {waiting ? 'Loading…' : matches.length === 0 ? 'No matches.' : ''}
      </p>
      <p className={styles.help}>
        ↑ ↓ to move, Enter to open, Shift-Enter to filter the dashboard by it, Esc to close
      </p>
    </dialog>
  );
}

function showOnDashboard(href: string): void {
  if (window.location.pathname === '/vpn') window.history.pushState(null, '', href);
  else window.location.assign(href);
}
