'use client';

import type { MouseEvent, ReactNode } from 'react';

/** A link to another view of the page it is on: a real one, that does not reload when scripts run. The page has to follow its URL (`useSearchParams`). */
export function SoftLink({
  href,
  current,
  className,
  title,
  children,
}: {
  href: string;
  current?: boolean;
  className?: string;
  title?: string;
  children: ReactNode;
}) {
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, '', href);
  };
  return (
    <a
      href={href}
      className={className}
      title={title}
      aria-current={current ? 'true' : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
