'use client';

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useRef,
  useState,
} from 'react';
import styles from './chart-cursor.module.css';

/** From one value to another, both included, by their indices. */
export type Span = { first: number; last: number };

/**
 * A cursor over a drawing of values: it follows the pointer and, while it has the focus, the arrow keys, and says the
 * value it stands on. Charts that share their axis may share where it stands. With `onSelect` a span can be chosen: by
 * dragging, or with Shift and the arrow keys, then Enter.
 */
export function ChartCursor({
  label,
  places,
  at,
  onMove,
  textOf,
  children,
  onSelect,
  ref,
}: {
  /** What the values are, for screen readers. */
  label: string;
  /** Where each value is, 0 to 1 from the left, ascending. */
  places: readonly number[];
  /** The index of the value it stands on. */
  at: number | null;
  onMove: (at: number | null) => void;
  /** A value in words. */
  textOf: (index: number) => string;
  /** What is shown beside the cursor. */
  children: ReactNode;
  onSelect?: (span: Span) => void;
  ref?: Ref<HTMLDivElement>;
}) {
  const [active, setActive] = useState(false);
  const [anchor, setAnchor] = useState<number | null>(null);
  /** Browsers also say that the pointer moves when what is under it changes. */
  const pointerAt = useRef<number | null>(null);
  const lastIndex = places.length - 1;
  const current = at ?? lastIndex;
  const leave = () => {
    setActive(false);
    setAnchor(null);
    onMove(null);
  };
  const spanTo = (index: number): Span => {
    const other = anchor ?? index;
    return { first: Math.min(other, index), last: Math.max(other, index) };
  };
  const pointAt = (event: PointerEvent<HTMLElement>): number => {
    pointerAt.current = event.clientX;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = nearest(places, (event.clientX - left) / width);
    setActive(true);
    onMove(index);
    return index;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return leave();
    if (event.key === 'Enter' && onSelect) return onSelect(spanTo(current));
    const target = keyTarget(event.key, current, lastIndex);
    if (target === null) return;
    event.preventDefault();
    setActive(true);
    setAnchor(event.shiftKey && onSelect ? (anchor ?? current) : null);
    onMove(target);
  };
  const span = anchor === null ? null : spanTo(current);
  return (
    <div
      ref={ref}
      className={styles.cursor}
      data-needs-js
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, lastIndex)}
      aria-valuenow={current}
      aria-valuetext={places.length > 0 ? textOf(current) : undefined}
      onFocus={() => {
        setActive(true);
        if (at === null) onMove(lastIndex);
      }}
      onBlur={leave}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        if (event.clientX !== pointerAt.current) pointAt(event);
      }}
      onPointerDown={(event) => {
        const index = pointAt(event);
        if (!onSelect) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setAnchor(index);
      }}
      onPointerUp={(event) => {
        if (anchor === null) return;
        onSelect?.(spanTo(pointAt(event)));
        setAnchor(null);
      }}
      onPointerCancel={leave}
      onPointerLeave={() => anchor === null && leave()}
    >
      {span && <i className={styles.span} style={extentOf(span, places)} />}
      {at !== null && <i className={styles.line} style={{ left: percent(places[at] ?? 0) }} />}
      {active && at !== null && (
        <div className={styles.tip} style={besideOf(places[at] ?? 0)}>
          {children}
        </div>
      )}
    </div>
  );
}

function keyTarget(key: string, current: number, last: number): number | null {
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, current - 1);
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, current + 1);
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}

function nearest(places: readonly number[], place: number): number {
  let best = 0;
  places.forEach((each, index) => {
    if (Math.abs(each - place) < Math.abs((places[best] ?? 0) - place)) best = index;
  });
  return best;
}

const percent = (place: number) => `${place * 100}%`;

/** Puts the tip on the side where there is more room. */
const besideOf = (place: number) =>
  place > 0.5
    ? { right: `calc(${percent(1 - place)} + 8px)` }
    : { left: `calc(${percent(place)} + 8px)` };

/** Reaches half way to the values on both sides. */
function extentOf({ first, last }: Span, places: readonly number[]) {
  const between = (a: number, b: number) => ((places[a] ?? 0) + (places[b] ?? 1)) / 2;
  const left = first === 0 ? 0 : between(first - 1, first);
  const right = last === places.length - 1 ? 1 : between(last, last + 1);
  return { left: percent(left), width: percent(right - left) };
}
