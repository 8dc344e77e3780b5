'use client';

import { formatOffset } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useClock, useHydrated } from './clock';
import { rememberInCookie } from './cookie';
import { LanguageSwitch } from './language-switch';
import styles from './page-footer.module.css';
import { useZones } from './zone';
import { ZONE_COOKIE } from './zone-cookie';

/** Says which time zone every time on the page is in, and lets the reader choose another, and the language. */
export function PageFooter() {
  const { zone, service } = useZones();
  const hydrated = useHydrated();
  const offset = useClock((now) => formatOffset(zone.offsetAt(now)));
  const browser = hydrated ? Intl.DateTimeFormat().resolvedOptions().timeZone : service;
  const choices = new Map([[zone.name, zone.name]]);
  choices.set('UTC', 'UTC').set(browser, t('common.zoneOfBrowser', { zone: browser }));
  choices.set(service, t('common.zoneOfService', { zone: service }));
  const choose = (name: string) => rememberInCookie(ZONE_COOKIE, name === service ? '' : name);
  return (
    <footer className={styles.footer}>
      {hydrated ? (
        <label data-printed>
          {t('common.timesIn')}{' '}
          <select
            className="control"
            value={zone.name}
            onChange={(event) => choose(event.target.value)}
          >
            {[...choices].map(([name, shown]) => (
              <option key={name} value={name}>
                {shown}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <span>
          {t('common.timesIn')} {zone.name}
        </span>
      )}
      {zone.name !== 'UTC' && <span>{offset}</span>}
      <LanguageSwitch />
    </footer>
  );
}
