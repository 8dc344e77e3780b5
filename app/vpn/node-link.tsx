'use client';

import type { ReactNode } from 'react';
import { useCollector } from './use-collector';
import { asSeenBy } from './view';

/** A link to a node's own page, by its id or host name, as the collector sees it that this page is seen by. */
export function NodeLink({
  id,
  children,
  ...rest
}: {
  id: string;
  children: ReactNode;
  className?: string;
  title?: string;
}) {
  return (
    <a href={asSeenBy(`/vpn/devices/${encodeURIComponent(id)}`, useCollector())} {...rest}>
      {children}
    </a>
  );
}
