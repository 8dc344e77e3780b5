'use client';

import { LANGUAGE_COOKIE, LANGUAGE_NAMES, LANGUAGES } from '@/lib/i18n/languages';
import { currentLanguage, t } from '@/lib/i18n/t';
import { useHydrated } from './clock';
import { rememberInCookie } from './cookie';

/** Lets the reader choose the language; without a choice it is the browser's. */
export function LanguageSwitch() {
  const hydrated = useHydrated();
  return (
    <select
      className="control"
      data-needs-js
      // A choice made before would be lost.
      disabled={!hydrated}
      aria-label={t('common.language')}
      value={currentLanguage()}
      onChange={(event) => rememberInCookie(LANGUAGE_COOKIE, event.target.value)}
    >
      {LANGUAGES.map((language) => (
        <option key={language} value={language} lang={language}>
          {LANGUAGE_NAMES[language]}
        </option>
      ))}
    </select>
  );
}
