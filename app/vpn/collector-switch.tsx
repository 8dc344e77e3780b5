'use client';

import type { HealthResponse } from '@/lib/api/service-schemas';
import { t } from '@/lib/i18n/t';
import styles from './collector-switch.module.css';
import { useView } from './view-context';

/** Chooses the collector whose view of the tailnet is shown; nothing when there is only one. */
export function CollectorSwitch({ collectors }: { collectors: HealthResponse['collectors'] }) {
  const { view, hrefOf } = useView();
  const { collector } = view;
  if (collectors.length < 2) return null;
  // The server renders the page anew: the paths of the last day are in no call of the API.
  const show = (name: string) =>
    window.location.assign(hrefOf({ ...view, collector: name || undefined }));
  return (
    <label className={styles.switch}>
      <span>{t('view.asSeenBy')}</span>
      <select value={collector ?? ''} onChange={(event) => show(event.target.value)}>
        <option value="">{t('view.allCollectors')}</option>
        {collectors.map(({ name, away }) => (
          <option key={name} value={name}>
            {away ? t('view.away', { name }) : name}
          </option>
        ))}
      </select>
    </label>
  );
}
