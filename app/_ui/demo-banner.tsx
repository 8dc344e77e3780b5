import styles from './demo-banner.module.css';

/** Says on every page that its data is made up, and how to see a real tailnet instead. */
export function DemoBanner() {
  return (
    <aside className={styles.banner} aria-label="Demo">
      <strong>Demo tailnet.</strong> Every device, person and access here is made up. To see your
      own, run this beside tailscaled, or set <code>TAILSCALE_SOCKET</code> or{' '}
      <code>TAILSCALE_PROXY_URL</code>, and <code>ACCESS_LOG</code>.
    </aside>
  );
}
