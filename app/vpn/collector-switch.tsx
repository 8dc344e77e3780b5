'use client';

import type { HealthResponse } from '@/lib/api/service-schemas';
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
      <span>As seen by</span>
      <select value={collector ?? ''} onChange={(event) => show(event.target.value)}>
        <option value="">all collectors</option>
        {collectors.map(({ name, away }) => (
          <option key={name} value={name}>
            {away ? `${name} (away)` : name}
          </option>
        ))}
      </select>
    </label>
  );
}
