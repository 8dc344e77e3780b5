import type { HealthResponse } from '@/lib/api/service-schemas';
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
    <nav className={styles.links} aria-label="As seen by">
      <span>As seen by</span>
      {[{ name: undefined, away: false }, ...collectors].map(({ name, away }) => (
        <a
          key={name ?? ''}
          href={hrefOf(name)}
          aria-current={name === collector ? 'true' : undefined}
        >
          {name ?? 'all collectors'}
          {away && ' (away)'}
        </a>
      ))}
    </nav>
  );
}
