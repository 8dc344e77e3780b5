'use client';

import { useState } from 'react';

/** Props of an element whose content must not move while the pointer or the focus is inside. */
export type ReadingProps = {
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  onFocus: () => void;
  onBlur: () => void;
};

/**
 * Returns `value` as it was when the pointer or the focus entered the element with `props`, and as it is now while
 * neither is inside. A new `intent` (another view or order was chosen) is followed at once.
 */
export function useWhileRead<T>(value: T, intent: string): { held: T; props: ReadingProps } {
  const [entered, setEntered] = useState<{ value: T; intent: string } | null>(null);
  if (entered && entered.intent !== intent) setEntered({ value, intent });
  const held = entered?.intent === intent ? entered.value : value;
  const hold = () => setEntered((before) => before ?? { value: held, intent });
  const release = () => setEntered(null);
  return {
    held,
    props: { onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release },
  };
}

/**
 * Returns `items` in the order they had when the pointer or the focus entered: values stay live, new ones are added at
 * the end.
 */
export function useStableOrder<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  intent = '',
): { ordered: T[]; props: ReadingProps } {
  const { held, props } = useWhileRead(items, intent);
  return { ordered: held === items ? [...items] : inOrderOf(held, items, keyOf), props };
}

/** Returns `items` in the order that those of the same key have in `before`; the others follow in their own order. */
export function inOrderOf<T>(
  before: readonly T[],
  items: readonly T[],
  keyOf: (item: T) => string,
): T[] {
  const positions = new Map(before.map((item, index) => [keyOf(item), index]));
  const positionOf = (item: T) => positions.get(keyOf(item)) ?? before.length;
  return items.toSorted((a, b) => positionOf(a) - positionOf(b));
}
