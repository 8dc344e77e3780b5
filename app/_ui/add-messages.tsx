'use client';

import type { ReactNode } from 'react';
import { isLanguage, LANGUAGES } from '@/lib/i18n/languages';
import { type Compiled, readMessagesFrom } from '@/lib/i18n/t';
import { type Packed, unpack } from './packed';

const here = new Map<string, Compiled>();

if (typeof document !== 'undefined') {
  const { lang } = document.documentElement;
  const language = isLanguage(lang) ? lang : LANGUAGES[0];
  readMessagesFrom({
    language: () => language,
    area: (name) => here.get(name),
  });
}

/**
 * Gives the texts a page brings to `t`. They are in place before `children` render; a page has one language for as long
 * as it is open, so nothing renders again because of them.
 */
export function AddMessages({
  areas,
  children,
}: {
  areas: Packed<Record<string, Compiled>>;
  children: ReactNode;
}) {
  if (typeof document !== 'undefined') {
    for (const [area, texts] of Object.entries(unpack(areas))) here.set(area, texts);
  }
  return children;
}
