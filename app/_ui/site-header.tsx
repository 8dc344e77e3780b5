'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import type { HealthResponse } from '@/lib/api/service-schemas';
import type { Loaded } from '@/lib/calls/call';
import { healthCall } from '@/lib/calls/page-calls';
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
export function SiteHeader({ health }: { health: Loaded<HealthResponse> | null }) {
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
            {href === '/vpn/health' && <FiringBadge initial={health} />}
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
function FiringBadge({ initial }: { initial: Loaded<HealthResponse> | null }) {
  const collector = useSearchParams().get('collector') ?? undefined;
  const { data } = usePolling(initial && healthCall(collector), BADGE_MS, initial);
  const { loudest = [] } = data?.alerts ?? {};
  if (loudest.length === 0) return null;
  const isCritical = loudest.some(({ severity }) => severity === 'critical');
  return (
    <span className={styles.badge} data-severity={isCritical ? 'critical' : 'warning'}>
      {formatCount(loudest.length)}
      <span className="hidden"> {t('common.firing', { count: loudest.length })}</span>
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
