import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatBytes, formatShare } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import styles from './backlog.module.css';

const WORTH_SHOWING = 1_000_000;

/** Progress of reading the log, while much of it is left to read. */
export function Backlog({ health: { access_log: log } }: { health: HealthResponse }) {
  if (log.backlog_bytes < WORTH_SHOWING) return null;
  const size = log.files.reduce((sum, file) => sum + file.size_bytes, 0);
  const read = Math.max(0, size - log.backlog_bytes);
  return (
    <div className={styles.backlog}>
      <progress value={read} max={size} aria-label={t('dashboard.readingLog')} />
      <p>{t('dashboard.readOf', { share: formatShare(read / size), size: formatBytes(size) })}</p>
    </div>
  );
}
