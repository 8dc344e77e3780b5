'use client';

import type { TooltipOptions } from 'chart.js';
import { type RefObject, useEffect, useRef, useState } from 'react';

/** Reads CSS tokens as colours a canvas understands; asks for new ones when the theme changes. */
export type Colors = (token: string) => string;

/**
 * Returns the colours of the theme and the element (to be rendered hidden) that resolves them; undefined until it is
 * there.
 */
export function useColors(): { probe: RefObject<HTMLSpanElement | null>; color?: Colors } {
  const probe = useRef<HTMLSpanElement>(null);
  const theme = useThemeCount();
  const [color, setColor] = useState<Colors>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme gives the same tokens new colours.
  useEffect(() => {
    const element = probe.current;
    if (element) setColor(() => colorReader(element));
  }, [theme]);
  return { probe, color };
}

/** The look of every chart tooltip. */
export function tooltipLook(color: Colors) {
  const { fontFamily: family } = getComputedStyle(document.body);
  return {
    backgroundColor: color('--raised'),
    borderColor: color('--line-strong'),
    borderWidth: 1,
    titleColor: color('--text'),
    bodyColor: color('--text'),
    padding: 8,
    boxPadding: 4,
    cornerRadius: 6,
    caretSize: 0,
    titleFont: { family, weight: 600 },
    bodyFont: { family },
  } satisfies Partial<TooltipOptions<'bar' | 'line'>>;
}

/** Returns the same colour, translucent. */
export function translucent(rgb: string, alpha = 0.5): string {
  return rgb.replace('rgb(', 'rgba(').replace(')', `, ${alpha})`);
}

/** Counts the changes of the theme, the system's and the reader's own. */
function useThemeCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const changed = () => setCount((before) => before + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const observer = new MutationObserver(changed);
    system.addEventListener('change', changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', changed);
      observer.disconnect();
    };
  }, []);
  return count;
}

/** Lets an element resolve CSS variables, which a canvas does not know. */
function colorReader(element: HTMLElement): Colors {
  const cache = new Map<string, string>();
  return (token) => {
    const cached = cache.get(token);
    if (cached) return cached;
    element.style.color = `var(${token})`;
    const color = getComputedStyle(element).color;
    cache.set(token, color);
    return color;
  };
}
