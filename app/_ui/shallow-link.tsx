'use client';

import type { MouseEvent, ReactNode } from 'react';

/**
 * A link to another view of the same page; with JavaScript it does not reload. The page must follow its URL
 * (`useSearchParams`).
 */
export function ShallowLink({
  href,
  current,
  shallow = true,
  children,
  ...rest
}: {
  href: string;
  current?: boolean;
  /** `false`: the page does not follow its URL, so the server must render the view. */
  shallow?: boolean;
  className?: string;
  title?: string;
  children: ReactNode;
}) {
  const onClick = (event: MouseEvent) => {
    if (!shallow || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.pushState(null, '', href);
  };
  return (
    <a href={href} {...rest} aria-current={current ? 'true' : undefined} onClick={onClick}>
      {children}
    </a>
  );
}
