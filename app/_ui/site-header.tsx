'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { parseView, viewQuery } from '../vpn/view';
import { NavLink } from './nav-link';
import { PaletteButton } from './palette-button';
import { useIsAdmin } from './role';
import styles from './site-header.module.css';
import { type SitePage, sitePages } from './site-pages';
import { ThemeSwitch } from './theme-switch';

/** The bar at the top of every page. */
export function SiteHeader() {
  const pages = sitePages(useIsAdmin()).filter(({ notInMenu }) => !notInMenu);
  const query = useViewQuery(pages);
  return (
    <header className={styles.header}>
      <a className={styles.brand} href="/vpn">
        <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
          <ellipse cx="16" cy="16" rx="14" ry="6.6" transform="rotate(-28 16 16)" />
          <circle cx="16" cy="16" r="5" />
          <circle cx="27.6" cy="8.9" r="3" />
        </svg>
        <span>
          Tailnet <span className={styles.second}>Observatory</span>
        </span>
      </a>
      <nav className={styles.nav} aria-label="Pages">
        {pages.map(({ label, href, hasView }) => (
          <NavLink key={href} href={href} query={hasView && query}>
            {label}
          </NavLink>
        ))}
      </nav>
      <div className={styles.tools}>
        <PaletteButton />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function useViewQuery(pages: readonly SitePage[]): string {
  const params = new URLSearchParams(useSearchParams().toString());
  const current = usePathname();
  const hasView = pages.some((page) => page.hasView && page.href === current);
  return hasView ? viewQuery(parseView(params)) : '';
}
