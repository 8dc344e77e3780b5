import { t } from '@/lib/i18n/t';
import styles from './demo-banner.module.css';
import { rich } from './rich';

/** Says on every page that its data is made up, and how to see a real tailnet instead. */
export function DemoBanner() {
  return (
    <aside className={styles.banner} aria-label={t('common.demo')}>
      {rich('common.demoText', {
        b: (inside) => <strong>{inside}</strong>,
        socket: () => <code>TAILSCALE_SOCKET</code>,
        proxy: () => <code>TAILSCALE_PROXY_URL</code>,
        log: () => <code>ACCESS_LOG</code>,
      })}
    </aside>
  );
}
