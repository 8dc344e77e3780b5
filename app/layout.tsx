import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { loadFrame } from '@/lib/api/frame';
import { currentLanguage, t } from '@/lib/i18n/t';
import { currentCaller } from '@/lib/identity/current';
import { ClockProvider } from './_ui/clock';
import { DemoBanner } from './_ui/demo-banner';
import { Messages } from './_ui/messages';
import { OfflinePage } from './_ui/offline-page';
import { PageFooter } from './_ui/page-footer';
import { zoneNames } from './_ui/reader-zone';
import { RoleProvider } from './_ui/role';
import { SiteHeader } from './_ui/site-header';
import { ZoneProvider } from './_ui/zone';
import './globals.css';
import './grid-table.css';

const inter = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--font',
  display: 'swap',
});

export const generateMetadata = (): Metadata => ({
  title: { default: 'Tailnet Observatory', template: '%s · Tailnet Observatory' },
  description: t('common.description'),
  manifest: '/manifest.webmanifest',
  icons: { icon: '/icon.svg', apple: '/app-icon/180.png' },
  robots: { index: false },
  referrer: 'no-referrer',
});

export const viewport: Viewport = {
  colorScheme: 'dark light',
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#13171d' },
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
  ],
};

/** The frame of every page. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection();
  const frame = await knownFrame();
  const zone = await zoneNames();
  const { role } = currentCaller();
  return (
    <html lang={currentLanguage()} className={inter.variable} suppressHydrationWarning>
      <head>
        <script src="/theme.js" />
      </head>
      <body>
        <a className="skip" href="#main">
          {t('common.skip')}
        </a>
        <Messages of={['common', 'format', 'palette', 'ui']}>
          <RoleProvider role={role}>
            <ZoneProvider {...zone}>
              <SiteHeader firing={frame?.firing ?? null} />
              {frame?.isDemo && <DemoBanner />}
              {children}
              <ClockProvider now={Date.now()}>
                <PageFooter />
              </ClockProvider>
            </ZoneProvider>
          </RoleProvider>
        </Messages>
        <OfflinePage />
      </body>
    </html>
  );
}

async function knownFrame() {
  try {
    return await loadFrame();
  } catch {
    // The page itself shows what is wrong, and who may see it.
    return null;
  }
}
