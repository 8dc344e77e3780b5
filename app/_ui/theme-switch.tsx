'use client';

import { useEffect, useState } from 'react';
import { t } from '@/lib/i18n/t';
import { applyTheme, THEMES, type Theme } from './theme';

/**
 * Chooses between the system's theme, dark and light; stored in this browser (`public/theme.js` applies it before the
 * first paint).
 */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => {
    const stored = document.documentElement.dataset.theme;
    setTheme(THEMES.find((name) => name === stored) ?? 'system');
  }, []);
  const choose = (next: Theme) => {
    setTheme(next);
    applyTheme(next);
  };
  return (
    <select
      className="control"
      data-needs-js
      aria-label={t('common.theme')}
      value={theme}
      onChange={(event) => choose(THEMES.find((name) => name === event.target.value) ?? 'system')}
    >
      <option value="system">{t('common.themeSystem')}</option>
      <option value="dark">{t('common.themeDark')}</option>
      <option value="light">{t('common.themeLight')}</option>
    </select>
  );
}
