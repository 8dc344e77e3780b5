'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import type { FiringResponse } from '@/lib/api/health-schemas';
import type { Loaded } from '@/lib/calls/call';
import { firingCall } from '@/lib/calls/page-calls';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { SECOND } from '@/lib/util/time';
import { parseView, viewQuery } from '../vpn/view';
import { NavLink } from './nav-link';
import { PaletteButton } from './palette-button';
import { usePolling } from './polling';
import { rich } from './rich';
import { useIsAdmin } from './role';
import styles from './site-header.module.css';
import { type SitePage, sitePages } from './site-pages';
import { ThemeSwitch } from './theme-switch';
import { useZone } from './zone';

/** The bar at the top of every page. */
export function SiteHeader({ firing }: { firing: Loaded<FiringResponse> | null }) {
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
          {rich('common.brand', {
            second: (name) => <span className={styles.second}>{name}</span>,
          })}
        </span>
      </a>
      <nav className={styles.nav} aria-label={t('common.pages')}>
        {pages.map(({ label, href, hasView }) => (
          <NavLink key={href} href={href} query={hasView && query}>
            {t(label)}
            {href === '/vpn/health' && <FiringBadge initial={firing} />}
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

const BADGE_MS = 30 * SECOND;

/** The number of alerts that need attention; `initial`: for all collectors, `null` for callers without access. */
function FiringBadge({ initial }: { initial: Loaded<FiringResponse> | null }) {
  const collector = useSearchParams().get('collector') ?? undefined;
  const { data } = usePolling(initial && firingCall(collector), BADGE_MS, initial);
  if (!data || data.count === 0) return null;
  return (
    <span
      className={styles.badge}
      data-severity={data.severity === 'critical' ? 'critical' : 'warning'}
    >
      {formatCount(data.count)}
      <span className="hidden"> {t('common.firing', { count: data.count })}</span>
    </span>
  );
}

function useViewQuery(pages: readonly SitePage[]): string {
  const params = new URLSearchParams(useSearchParams().toString());
  const zone = useZone();
  const current = usePathname();
  const hasView = pages.some((page) => page.hasView && page.href === current);
  return hasView ? viewQuery(parseView(params, zone)) : '';
}
