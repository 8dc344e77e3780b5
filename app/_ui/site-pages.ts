import type { MessageKey } from '@/lib/i18n/messages';

/** A page as the menu and the palette list it. */
export type SitePage = {
  label: MessageKey;
  href: string;
  /** Words the palette finds it by although they are not shown. */
  keywords: string;
  /** Its address holds the range and the filters, which the menu keeps from one such page to the next. */
  hasView?: true;
  adminOnly?: true;
  /** It is reached from another page, and by the palette. */
  notInMenu?: true;
};

const PAGES: readonly SitePage[] = [
  {
    label: 'common.dashboard',
    href: '/vpn',
    keywords: 'home overview devices people endpoints status activity',
    hasView: true,
  },
  {
    label: 'common.health',
    href: '/vpn/health',
    keywords: 'alerts connections latency relay relayed offline events mute',
    hasView: true,
  },
  {
    label: 'common.accesses',
    href: '/vpn/accesses',
    keywords: 'requests hits access log',
    hasView: true,
  },
  {
    label: 'common.services',
    href: '/vpn/services',
    keywords: 'hosts virtual hosts sites',
    hasView: true,
    notInMenu: true,
  },
  {
    label: 'common.models',
    href: '/vpn/models',
    keywords: 'forecast baseline metrics mae',
    hasView: true,
  },
  { label: 'common.log', href: '/vpn/logs', keywords: 'logs errors lines debug', adminOnly: true },
  {
    label: 'common.audit',
    href: '/vpn/audit',
    keywords: 'changes who mutes acknowledged',
    adminOnly: true,
    notInMenu: true,
  },
  { label: 'common.api', href: '/api-docs', keywords: 'openapi documentation calls tokens' },
  { label: 'common.you', href: '/me', keywords: 'me identity role devices' },
];

/** Returns the pages of the site, for those who may see them. */
export function sitePages(isAdmin: boolean): SitePage[] {
  return PAGES.filter(({ adminOnly }) => isAdmin || !adminOnly);
}
