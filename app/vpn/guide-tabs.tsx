'use client';

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import styles from './guide-tabs.module.css';

export type GuideTab = { key: string; label: string; content: ReactNode };

/**
 * Alternatives as tabs: the arrow keys, Home and End choose one, and only the chosen one is in the tab order. Without
 * JavaScript and on paper all are shown, each under its name.
 */
export function GuideTabs({ label, tabs }: { label: string; tabs: readonly GuideTab[] }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(0);
  const choose = (index: number) => {
    setChosen(index);
    list.current?.querySelectorAll('button')[index]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = indexAfter(event.key, chosen, tabs.length);
    if (next === null) return;
    event.preventDefault();
    choose(next);
  };
  return (
    <div className={styles.tabs}>
      <div ref={list} role="tablist" aria-label={label} className={styles.list} data-needs-js>
        {tabs.map((tab, index) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-controls={`${id}-${tab.key}-panel`}
            aria-selected={index === chosen}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => choose(index)}
            onKeyDown={onKeyDown}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab, index) => (
        <div
          key={tab.key}
          role="tabpanel"
          id={`${id}-${tab.key}-panel`}
          aria-labelledby={`${id}-${tab.key}`}
          className={styles.panel}
          data-chosen={index === chosen}
        >
          <h3 className={styles.name}>{tab.label}</h3>
          {tab.content}
        </div>
      ))}
    </div>
  );
}

function indexAfter(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % count;
    case 'ArrowLeft':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
