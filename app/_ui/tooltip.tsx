'use client';

import { type ReactNode, useId, useRef } from 'react';
import styles from './tooltip.module.css';

const GAP = 4;
const MARGIN = 8;

/**
 * Explains what it wraps, on hover and on focus; Escape hides the explanation. `children` gets the id of the
 * explanation, for the `aria-describedby` of what is focused. It is a popover, so that no table or panel clips it.
 */
export function Tooltip({
  meaning,
  children,
}: {
  meaning: ReactNode;
  children: (describedBy: string) => ReactNode;
}) {
  const id = useId();
  const tip = useRef<HTMLSpanElement>(null);
  const show = (anchor: HTMLElement) => {
    if (!tip.current || tip.current.matches(':popover-open')) return;
    tip.current.showPopover();
    place(tip.current, anchor.getBoundingClientRect());
  };
  const hide = () => {
    if (tip.current?.matches(':popover-open')) tip.current.hidePopover();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers only show what `aria-describedby` says anyway.
    <span
      className={styles.wrapper}
      onPointerEnter={(event) => show(event.currentTarget)}
      onPointerLeave={hide}
      onFocus={(event) => show(event.currentTarget)}
      onBlur={hide}
      onKeyDown={(event) => event.key === 'Escape' && hide()}
    >
      {children(id)}
      <span ref={tip} id={id} role="tooltip" popover="manual" className={styles.tip}>
        {meaning}
      </span>
    </span>
  );
}

/** A word with an explanation. */
export function Term({ children, meaning }: { children: ReactNode; meaning: ReactNode }) {
  return (
    <Tooltip meaning={meaning}>
      {(describedBy) => (
        <button type="button" className={styles.term} aria-describedby={describedBy}>
          {children}
        </button>
      )}
    </Tooltip>
  );
}

/** Several explanations, each with its word. */
export function Meanings({ words }: { words: readonly (readonly [string, string])[] }) {
  return words.map(([word, meaning]) => (
    <span key={word} className={styles.meaning}>
      <strong>{word}</strong>: {meaning}
    </span>
  ));
}

/** Puts the tooltip under its anchor, or above it where there is no room, and inside the window. */
function place(tip: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const below = anchor.bottom + GAP;
  const fits = below + height <= innerHeight - MARGIN;
  const left = Math.min(anchor.left, innerWidth - width - MARGIN);
  tip.style.left = `${Math.max(MARGIN, left)}px`;
  tip.style.top = `${fits ? below : Math.max(MARGIN, anchor.top - height - GAP)}px`;
}
