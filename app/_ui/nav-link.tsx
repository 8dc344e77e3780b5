'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

/** A link of the site's navigation; the current page's is marked. */
export function NavLink({
  href,
  query = '',
  children,
}: {
  href: string;
  /** What the link keeps of the current view; without `?`. */
  query?: string;
  children: ReactNode;
}) {
  const current = usePathname() === href;
  return (
    <a href={query ? `${href}?${query}` : href} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
