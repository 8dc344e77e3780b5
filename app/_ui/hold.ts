'use client';

import { useRef, useState } from 'react';

/** True while a pointer or the focus is inside the element that gets `props`: what is being read must not move. */
export function useHold() {
  const [held, setHeld] = useState(false);
  return {
    held,
    props: {
      onPointerEnter: () => setHeld(true),
      onPointerLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: () => setHeld(false),
    },
  };
}

/** `items` in the order they had when `held` began; their values stay live, new ones join at the end. Another `intent` (the reader chose an order) is followed at once. */
export function useHeldOrder<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  held: boolean,
  intent = '',
): T[] {
  const order = useRef<{ intent: string; keys: string[] }>({ intent, keys: [] });
  if (!held || order.current.intent !== intent) {
    order.current = { intent, keys: items.map(keyOf) };
    return [...items];
  }
  const place = new Map(order.current.keys.map((key, index) => [key, index]));
  const of = (item: T) => place.get(keyOf(item)) ?? Number.MAX_SAFE_INTEGER;
  return [...items].sort((a, b) => of(a) - of(b));
}
