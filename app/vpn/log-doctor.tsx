'use client';

import type { LogDoctorResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatBytes, formatCount, formatQuantity } from '@/lib/domain/format';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { RelativeTime } from '../_ui/relative-time';
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
      title="Access log"
      id="log"
      note={
        last_hit ? (
          <>
            Last line <RelativeTime iso={last_hit} />
          </>
        ) : (
          'No line read yet'
        )
      }
    >
      {error && <p className={styles.error}>{error}</p>}
      {files.length === 0 && <p className={styles.quiet}>No file matches {pattern} yet.</p>}
      <ul>
        {files.map((file) => (
          <li key={file.path} className={styles.file}>
            <Name text={file.path} />
            <span>{file.error ?? file.format ?? 'Format not known yet'}</span>
            <span>
              {file.read_bytes < file.size_bytes
                ? `${formatBytes(file.read_bytes)} of ${formatBytes(file.size_bytes)} read`
                : `${formatBytes(file.size_bytes)}, all read`}
            </span>
          </li>
        ))}
      </ul>
      {doctor.findings.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same finding may come once per file.
        <article key={`${finding.code} ${index}`} className={styles.finding}>
          <h3>
            <span data-severity={finding.severity}>{finding.severity}</span> {finding.title}
          </h3>
          <p>{finding.detail}</p>
          <p>{finding.remedy}</p>
          {finding.snippet && <Snippet text={finding.snippet} label={finding.title} />}
        </article>
      ))}
      {doctor.findings.length === 0 && files.length > 0 && (
        <p className={styles.quiet}>The log has everything this page needs.</p>
      )}
      <Rejected rejected={doctor.rejected} />
    </Panel>
  );
}

function Rejected({ rejected: { total, samples } }: { rejected: LogDoctorResponse['rejected'] }) {
  const isAdmin = useIsAdmin();
  if (total === 0) return null;
  return (
    <details className={styles.rejected}>
      <summary>{formatQuantity(total, 'line')} could not be read</summary>
      <ul>
        {samples.map((sample) => (
          <li key={`${sample.path} ${sample.offset}`}>
            <p>
              {sample.reason}, byte {formatCount(sample.offset)} of <Name text={sample.path} />,{' '}
              <RelativeTime iso={sample.time} />
            </p>
            <code>
              <bdi>{sample.line.slice(0, 500)}</bdi>
            </code>
          </li>
        ))}
      </ul>
      {isAdmin && (
        <p>
          Secrets in these lines are masked. <a href={UNMASKED}>Show them as logged</a>; that is
          noted in the audit.
        </p>
      )}
    </details>
  );
}
