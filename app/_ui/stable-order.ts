'use client';

import { useState } from 'react';

/** What an element gets whose content must not move while a pointer or the focus is inside. */
export type ReadingProps = {
  onPointerEnter: () => void;
  onPointerLeave: () => void;
  onFocus: () => void;
  onBlur: () => void;
};

/**
 * `value` as it was when a pointer or the focus came into the element that gets `props`; as it is now while neither is
 * inside. Another `intent` (the reader chose another view, or order) is followed at once.
 */
export function useWhileRead<T>(value: T, intent: string): { shown: T; props: ReadingProps } {
  const [kept, setKept] = useState<{ value: T; intent: string } | null>(null);
  if (kept && kept.intent !== intent) setKept({ value, intent });
  const shown = kept?.intent === intent ? kept.value : value;
  const keep = () => setKept((before) => before ?? { value: shown, intent });
  const letGo = () => setKept(null);
  return {
    shown,
    props: { onPointerEnter: keep, onPointerLeave: letGo, onFocus: keep, onBlur: letGo },
  };
}

/** `items` in the order they had when the reader came to them: their values stay live, new ones join at the end. */
export function useStableOrder<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  intent = '',
): { ordered: T[]; props: ReadingProps } {
  const { shown, props } = useWhileRead(items, intent);
  return { ordered: shown === items ? [...items] : inOrderOf(shown, items, keyOf), props };
}

/** `items` in the order that those of the same key have in `before`; the others follow in their own order. */
export function inOrderOf<T>(
  before: readonly T[],
  items: readonly T[],
  keyOf: (item: T) => string,
): T[] {
  const positions = new Map(before.map((item, index) => [keyOf(item), index]));
  const positionOf = (item: T) => positions.get(keyOf(item)) ?? before.length;
  return items.toSorted((a, b) => positionOf(a) - positionOf(b));
}
