'use client';

import { usePathname } from 'next/navigation';

/** A link of the site's navigation; the current page's is marked. */
export function NavLink({ href, children }: { href: string; children: string }) {
  const current = usePathname() === href;
  return (
    <a href={href} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
