import type { ReactNode } from 'react';
import type { Area } from '@/lib/i18n/messages';
import { type Compiled, compiledAreas, currentLanguage } from '@/lib/i18n/t';
import { AddMessages } from './add-messages';
import { type Packed, pack } from './packed';

/** By language and areas: texts are packed once, since they stay as they are while the service runs. */
const packed = new Map<string, Packed<Record<string, Compiled>>>();

/** Gives the client components below the texts of some areas, in the reader's language. */
export function Messages({ of, children }: { of: readonly Area[]; children: ReactNode }) {
  const key = [currentLanguage(), ...of].join(' ');
  const areas = packed.get(key) ?? pack(compiledAreas(of));
  packed.set(key, areas);
  return <AddMessages areas={areas}>{children}</AddMessages>;
}
