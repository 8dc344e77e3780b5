'use client';

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { queryOf } from '@/lib/calls/call';
import { searchCalls } from '@/lib/calls/page-calls';
import { useCollector } from '../vpn/use-collector';
import { Name } from './name';
import styles from './palette.module.css';
import { findItems, type PaletteItem, paletteItems } from './palette-items';
import { usePolling } from './polling';

const LIMIT = 12;

/** A dialog that finds any node, user or endpoint and filters the dashboard by it: a combobox with a list, the keyboard first. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const collector = useCollector();
  const calls = searchCalls(collector);
  const devices = usePolling(calls.devices, 0);
  const usage = usePolling(calls.usage, 0);
  const items = useMemo(() => paletteItems(devices.data, usage.data), [devices.data, usage.data]);
  const found = useMemo(() => findItems(items, query, LIMIT), [items, query]);

  useEffect(() => dialog.current?.showModal(), []);

  const choose = (item: PaletteItem | undefined) => {
    if (!item) return;
    dialog.current?.close();
    goTo(item, collector);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((active + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setActive((active || found.length) - 1);
    else if (event.key === 'Enter') choose(found[active]);
    else return;
    event.preventDefault();
  };
  const waiting = !devices.data && !usage.data && !devices.error;

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop closes; Escape does so by keyboard.
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Find a node, user or endpoint"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <input
        className={styles.input}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-activedescendant={found[active] ? `${list}-${active}` : undefined}
        aria-autocomplete="list"
        aria-label="Find a node, user or endpoint"
        placeholder="Node, user or endpoint"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={list} aria-label="Found" className={styles.list}>
        {found.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input keeps the focus and handles the keys.
          <div
            key={`${item.kind} ${item.value}`}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={styles.option}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(item)}
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
        {waiting ? 'Loading…' : found.length === 0 ? 'Nothing by that name.' : ''}
      </p>
      <p className={styles.help}>↑ ↓ to move, Enter to filter by it, Esc to close</p>
    </dialog>
  );
}

function goTo({ kind, value }: PaletteItem, collector: string | undefined): void {
  const onDashboard = location.pathname === '/vpn';
  const params = new URLSearchParams(onDashboard ? location.search : queryOf({ collector }));
  params.set(kind, value);
  const href = `/vpn?${params}`;
  if (onDashboard) history.pushState(null, '', href);
  else location.assign(href);
}
