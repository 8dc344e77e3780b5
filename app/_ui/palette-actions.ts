import { accessLogCall } from '@/lib/calls/page-calls';
import { LANGUAGE_COOKIE, LANGUAGE_NAMES, LANGUAGES } from '@/lib/i18n/languages';
import { currentLanguage, t } from '@/lib/i18n/t';
import { apiParameters, type View } from '../vpn/view';
import { rememberInCookie } from './cookie';
import type { PaletteItem } from './palette-items';
import { applyTheme, THEMES } from './theme';
import { ZONE_COOKIE } from './zone-cookie';

const THEME_TEXTS = {
  system: 'palette.themeSystem',
  dark: 'palette.themeDark',
  light: 'palette.themeLight',
} as const;

/** Lists what the palette can do, besides going somewhere. */
export function paletteActions(view: View, showShortcuts: () => void): PaletteItem[] {
  const action = (label: string, keywords: string, run: () => void): PaletteItem => ({
    kind: 'action',
    label,
    detail: '',
    keywords,
    href: null,
    filter: null,
    run,
  });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const times = t('palette.timesWords');
  return [
    ...THEMES.map((theme) =>
      action(t(THEME_TEXTS[theme]), t('palette.themeWords'), () => applyTheme(theme)),
    ),
    ...LANGUAGES.filter((language) => language !== currentLanguage()).map((language) =>
      action(
        t('palette.inLanguage', { language: LANGUAGE_NAMES[language] }),
        t('palette.languageWords'),
        () => rememberInCookie(LANGUAGE_COOKIE, language),
      ),
    ),
    action(t('palette.timesUtc'), times, () => rememberInCookie(ZONE_COOKIE, 'UTC')),
    action(t('palette.timesBrowser'), times, () => rememberInCookie(ZONE_COOKIE, zone)),
    action(t('palette.timesService'), times, () => rememberInCookie(ZONE_COOKIE, '')),
    action(t('palette.csv'), t('palette.csvWords'), () =>
      window.location.assign(accessLogCall(apiParameters(view)).path.replace(/(\?|$)/, '.csv$1')),
    ),
    action(t('palette.shortcuts'), t('palette.shortcutsWords'), showShortcuts),
  ];
}
