import type { HealthResponse } from '@/lib/api/service-schemas';
import { t } from '@/lib/i18n/t';
import styles from './collector-switch.module.css';

/** Links to the page as each collector sees it; nothing when there is only one. */
export function SeenBy({
  collectors,
  collector,
  hrefOf,
}: {
  collectors: HealthResponse['collectors'];
  /** `undefined`: all of them. */
  collector: string | undefined;
  hrefOf: (collector: string | undefined) => string;
}) {
  if (collectors.length < 2) return null;
  return (
    <nav className={styles.links} aria-label={t('view.asSeenBy')}>
      <span>{t('view.asSeenBy')}</span>
      {[null, ...collectors].map((one) => (
        <a
          key={one?.name ?? ''}
          href={hrefOf(one?.name)}
          aria-current={one?.name === collector ? 'true' : undefined}
        >
          {one === null
            ? t('view.allCollectors')
            : one.away
              ? t('view.away', { name: one.name })
              : one.name}
        </a>
      ))}
    </nav>
  );
}
