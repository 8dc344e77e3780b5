import type { MessageKey } from '@/lib/i18n/messages';

/** A page as the menu and the palette list it. */
export type SitePage = {
  label: MessageKey;
  href: string;
  /** Words the palette finds it by although they are not shown. */
  keywords: MessageKey;
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
    keywords: 'palette.dashboardWords',
    hasView: true,
  },
  {
    label: 'common.health',
    href: '/vpn/health',
    keywords: 'palette.healthWords',
    hasView: true,
  },
  {
    label: 'common.accesses',
    href: '/vpn/accesses',
    keywords: 'palette.accessesWords',
    hasView: true,
  },
  {
    label: 'common.services',
    href: '/vpn/services',
    keywords: 'palette.servicesWords',
    hasView: true,
    notInMenu: true,
  },
  { label: 'common.traffic', href: '/vpn/traffic', keywords: 'palette.trafficWords' },
  {
    label: 'common.inventory',
    href: '/vpn/devices',
    keywords: 'palette.inventoryWords',
    notInMenu: true,
  },
  {
    label: 'common.models',
    href: '/vpn/models',
    keywords: 'palette.modelsWords',
    hasView: true,
  },
  { label: 'common.log', href: '/vpn/logs', keywords: 'palette.logWords', adminOnly: true },
  {
    label: 'common.audit',
    href: '/vpn/audit',
    keywords: 'palette.auditWords',
    adminOnly: true,
    notInMenu: true,
  },
  {
    label: 'common.settings',
    href: '/vpn/settings',
    keywords: 'palette.settingsWords',
    adminOnly: true,
    notInMenu: true,
  },
  { label: 'common.api', href: '/api-docs', keywords: 'palette.apiWords' },
  { label: 'common.you', href: '/me', keywords: 'palette.youWords' },
];

/** Returns the pages of the site, for those who may see them. */
export function sitePages(isAdmin: boolean): SitePage[] {
  return PAGES.filter(({ adminOnly }) => isAdmin || !adminOnly);
}
