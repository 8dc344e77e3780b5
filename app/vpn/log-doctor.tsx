'use client';

import type { LogDoctorResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatBytes, formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { RelativeTime } from '../_ui/relative-time';
import { rich } from '../_ui/rich';
import { useIsAdmin } from '../_ui/role';
import { Snippet } from '../_ui/snippet';
import styles from './log-doctor.module.css';

const UNMASKED = '/analytics/log-doctor?unmasked=true';

/**
 * The access log: the files followed, what is wrong with them and the exact remedy, and the lines that could not be
 * read.
 */
export function LogDoctor({
  health,
  doctor,
}: {
  health: HealthResponse;
  doctor: LogDoctorResponse;
}) {
  const { files, pattern, last_hit, error } = health.access_log;
  return (
    <Panel
      title={t('logDoctor.title')}
      id="log"
      note={
        last_hit
          ? rich('logDoctor.lastLine', { time: () => <RelativeTime iso={last_hit} /> })
          : t('logDoctor.noLine')
      }
    >
      {error && <p className={styles.error}>{error}</p>}
      {files.length === 0 && (
        <p className={styles.quiet}>{t('logDoctor.noFile', { pattern: pattern ?? '' })}</p>
      )}
      <ul>
        {files.map((file) => (
          <li key={file.path} className={styles.file}>
            <Name text={file.path} />
            <span>{file.error ?? file.format ?? t('logDoctor.formatUnknown')}</span>
            <span>{readWords(file)}</span>
          </li>
        ))}
      </ul>
      {doctor.findings.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same finding may come once per file.
        <article key={`${finding.code} ${index}`} className={styles.finding}>
          <h3>
            <span data-severity={finding.severity}>{t(`logDoctor.${finding.severity}`)}</span>{' '}
            {finding.title}
          </h3>
          <p>{finding.detail}</p>
          <p>{finding.remedy}</p>
          {finding.snippet && <Snippet text={finding.snippet} label={finding.title} />}
        </article>
      ))}
      {doctor.findings.length === 0 && files.length > 0 && (
        <p className={styles.quiet}>{t('logDoctor.complete')}</p>
      )}
      <Rejected rejected={doctor.rejected} />
    </Panel>
  );
}

/** Says how much of a file has been read. */
function readWords({
  error,
  read_bytes: read,
  size_bytes: size,
}: HealthResponse['access_log']['files'][number]): string {
  if (size === 0) return t(error === null ? 'logDoctor.empty' : 'logDoctor.notRead');
  if (read >= size) return t('logDoctor.allRead', { size: formatBytes(size) });
  return t('logDoctor.readOf', { read: formatBytes(read), size: formatBytes(size) });
}

function Rejected({ rejected: { total, samples } }: { rejected: LogDoctorResponse['rejected'] }) {
  const isAdmin = useIsAdmin();
  if (total === 0) return null;
  return (
    <details className={styles.rejected}>
      <summary>{t('logDoctor.unreadable', { count: total })}</summary>
      <ul>
        {samples.map((sample) => (
          <li key={`${sample.path} ${sample.offset}`}>
            <p>
              {rich('logDoctor.where', {
                reason: sample.reason,
                offset: formatCount(sample.offset),
                path: () => <Name text={sample.path} />,
                time: () => <RelativeTime iso={sample.time} />,
              })}
            </p>
            <code>
              <bdi>{sample.line.slice(0, 500)}</bdi>
            </code>
          </li>
        ))}
      </ul>
      {isAdmin && (
        <p>{rich('logDoctor.masked', { link: (words) => <a href={UNMASKED}>{words}</a> })}</p>
      )}
    </details>
  );
}
