import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatBytes, formatShare } from '@/lib/domain/format';
import styles from './backlog.module.css';

const WORTH_SHOWING = 1_000_000;

/** Progress of reading the log, while much of it is left to read. */
export function Backlog({ health: { access_log: log } }: { health: HealthResponse }) {
  if (log.backlog_bytes < WORTH_SHOWING) return null;
  const size = log.files.reduce((sum, file) => sum + file.size_bytes, 0);
  const read = Math.max(0, size - log.backlog_bytes);
  return (
    <div className={styles.backlog}>
      <progress value={read} max={size} aria-label="Reading the access log" />
      <p>
        Reading the access log: {formatShare(read / size)} of {formatBytes(size)}. The numbers grow
        as it is read.
      </p>
    </div>
  );
}
