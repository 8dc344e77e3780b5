'use client';

import { formatOffset } from '@/lib/domain/format';
import { useClock, useHydrated } from './clock';
import { useZones } from './zone';
import { ZONE_COOKIE } from './zone-cookie';
import styles from './zone-switch.module.css';

const YEAR_SECONDS = 365 * 24 * 3600;

/** Says which time zone every time on the page is in, and lets the reader choose another. */
export function ZoneSwitch() {
  const { zone, service } = useZones();
  const hydrated = useHydrated();
  const offset = useClock((now) => formatOffset(zone.offsetAt(now)));
  const browser = hydrated ? Intl.DateTimeFormat().resolvedOptions().timeZone : service;
  const choices = new Map([[zone.name, '']]);
  choices.set('UTC', '').set(browser, ' (this browser)').set(service, ' (the service)');
  const choose = (name: string) => {
    const age = name === service ? 0 : YEAR_SECONDS;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
    document.cookie = `${ZONE_COOKIE}=${name}; path=/; max-age=${age}; SameSite=Lax`;
    window.location.reload();
  };
  return (
    <footer className={styles.footer}>
      {hydrated ? (
        <label>
          Times in{' '}
          <select
            className="control"
            value={zone.name}
            onChange={(event) => choose(event.target.value)}
          >
            {[...choices].map(([name, whose]) => (
              <option key={name} value={name}>
                {name}
                {whose}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <span>Times in {zone.name}</span>
      )}
      {zone.name !== 'UTC' && <span>{offset}</span>}
    </footer>
  );
}
