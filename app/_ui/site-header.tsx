'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { parseView, viewQuery } from '../vpn/view';
import { NavLink } from './nav-link';
import { PaletteButton } from './palette-button';
import { useIsAdmin } from './role';
import styles from './site-header.module.css';
import { ThemeSwitch } from './theme-switch';

/** The bar at the top of every page. */
export function SiteHeader() {
  const admin = useIsAdmin();
  const query = useViewQuery();
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
        <NavLink href="/vpn" query={query}>
          Dashboard
        </NavLink>
        <NavLink href="/vpn/health" query={query}>
          Health
        </NavLink>
        <NavLink href="/vpn/accesses" query={query}>
          Accesses
        </NavLink>
        <NavLink href="/vpn/models" query={query}>
          Models
        </NavLink>
        {admin && <NavLink href="/vpn/logs">Log</NavLink>}
        <NavLink href="/api-docs">API</NavLink>
        <NavLink href="/me">You</NavLink>
      </nav>
      <div className={styles.tools}>
        <PaletteButton />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** The pages whose addresses hold the range and the filters; the menu keeps them from one to the next. */
const PAGES_WITH_VIEW = ['/vpn', '/vpn/health', '/vpn/accesses', '/vpn/models'];

function useViewQuery(): string {
  const params = new URLSearchParams(useSearchParams().toString());
  return PAGES_WITH_VIEW.includes(usePathname()) ? viewQuery(parseView(params)) : '';
}
