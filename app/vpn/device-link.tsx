'use client';

import type { ReactNode } from 'react';
import { useCollector } from './use-collector';
import { asSeenBy } from './view';

/** A link to a device's own page, by its id or machine name; it keeps the collector chosen for this page. */
export function DeviceLink({
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
