import type { ReactNode } from 'react';
import type { Area } from '@/lib/i18n/messages';
import { compiledAreas } from '@/lib/i18n/on-server';
import { AddMessages } from './add-messages';
import { pack } from './packed';

/** Gives the client components below the texts of some areas, in the reader's language. */
export function Messages({ of, children }: { of: readonly Area[]; children: ReactNode }) {
  return <AddMessages areas={pack(compiledAreas(of))}>{children}</AddMessages>;
}
