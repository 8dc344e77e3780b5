import type { HealthResponse } from '@/lib/api/schemas';
import { formatBytes, formatShare } from '@/lib/domain/format';
import styles from './backlog.module.css';

const WORTH_SAYING = 1_000_000;

/** How far the reading of the log has come, while there is much of it to read. */
export function Backlog({ health: { access_log: log } }: { health: HealthResponse }) {
  if (log.backlog_bytes < WORTH_SAYING) return null;
  const size = log.files.reduce((sum, file) => sum + file.size_bytes, 0);
  const read = Math.max(0, size - log.backlog_bytes);
  return (
    <div className={styles.backlog}>
      <progress value={read} max={size} aria-label="Reading the access log" />
      <p>
        Reading the access log: {formatShare(read / size)} of {formatBytes(size)}. The numbers grow
        meanwhile.
      </p>
    </div>
  );
}
