import type { ConnectionType } from '@/lib/domain/connection';
import styles from './path-bar.module.css';

const ORDER: readonly ConnectionType[] = ['direct', 'peer_relay', 'relay', 'offline', 'unknown'];

/** How often each path was found, as one stacked bar; the numbers stand beside it. */
export function PathBar({ counts }: { counts: Readonly<Record<ConnectionType, number>> }) {
  const all = ORDER.reduce((sum, type) => sum + counts[type], 0);
  return (
    <span className={styles.bar} aria-hidden="true">
      {ORDER.filter((type) => counts[type] > 0).map((type) => (
        <i key={type} data-path={type} style={{ width: `${(counts[type] / all) * 100}%` }} />
      ))}
    </span>
  );
}
