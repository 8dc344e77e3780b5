'use client';

import { useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { asSeenBy, collectorOf } from './view';

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
  const collector = collectorOf(new URLSearchParams(useSearchParams().toString()));
  return (
    <a href={asSeenBy(`/vpn/devices/${encodeURIComponent(id)}`, collector)} {...rest}>
      {children}
    </a>
  );
}
