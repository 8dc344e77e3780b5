'use client';

import type { ReactNode } from 'react';
import type { DevicesResponse, QuotaStatusResponse, UsageResponse } from '@/lib/api/schemas';
import { formatChange, formatCount, formatLatency, formatShare } from '@/lib/domain/format';
import styles from './numbers.module.css';
import { isFull } from './problems';
import { countErrors } from './status-classes';
import { rangeWords } from './view';
import { useView } from './view-context';

const NOTHING_YET = 'nothing to count yet';

/** The numbers of the range, each against the range before; the devices; the plan. */
export function Numbers({
  usage,
  devices,
  quota,
  known,
}: {
  usage: UsageResponse;
  devices: DevicesResponse | null;
  quota: QuotaStatusResponse | null;
  /** Whether there is, or was, anything to count: a 0 is only shown when it has been counted. */
  known: boolean;
}) {
  const { before } = rangeWords(useView().view.range);
  const { previous } = usage;
  const errors = countErrors(usage.by_status);
  const measured = (value: string) => (known ? value : '—');
  const against = (now: number, then: number) => {
    if (!known) return NOTHING_YET;
    const change = formatChange(now, then);
    return change ? `${change} ${before} (${formatCount(then)})` : `nothing in ${before}`;
  };
  return (
    <section id="numbers" aria-labelledby="numbers-title">
      <h2 id="numbers-title" className="hidden">
        Numbers
      </h2>
      <dl className={styles.numbers}>
        <Stat
          label="Accesses"
          value={measured(formatCount(usage.total_accesses))}
          note={against(usage.total_accesses, previous.total_accesses)}
        />
        <Stat
          label="People"
          value={measured(formatCount(usage.unique_users))}
          note={against(usage.unique_users, previous.unique_users)}
        />
        <Stat
          label="Devices online"
          value={devices ? formatCount(devices.counts.online) : '—'}
          note={devices ? classNote(devices.counts) : 'Tailscale has not answered yet'}
        />
        <Stat
          label="Response time, p95"
          value={formatLatency(usage.p95_ms)}
          note={
            usage.p95_ms !== null
              ? `half within ${formatLatency(usage.p50_ms)}`
              : usage.total_accesses > 0
                ? 'the log has no times'
                : NOTHING_YET
          }
        />
        <Stat
          label="Errors"
          value={measured(formatCount(errors))}
          note={
            usage.total_accesses > 0
              ? `${formatShare(errors / usage.total_accesses)} of accesses answered 4xx or 5xx`
              : NOTHING_YET
          }
        />
        <Quota quota={quota} />
      </dl>
    </section>
  );
}

function Stat({ label, value, note }: { label: string; value: ReactNode; note: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className={styles.value}>{value}</span>
        <span className={styles.note}>{note}</span>
      </dd>
    </div>
  );
}

function classNote({ total, own, shared, external }: DevicesResponse['counts']): string {
  const parts = [`${formatCount(own)} own`];
  if (shared > 0) parts.push(`${formatCount(shared)} shared in`);
  if (external > 0) parts.push(`${formatCount(external)} external`);
  return `of ${formatCount(total)}: ${parts.join(', ')}`;
}

function Quota({ quota }: { quota: QuotaStatusResponse | null }) {
  const rows: [string, QuotaStatusResponse['users']][] = quota
    ? [
        ['Users', quota.users],
        ['External users', quota.external_users],
        ['Devices', quota.devices],
      ]
    : [];
  return (
    <div className={styles.quota}>
      <dt>{quota ? `Plan: ${quota.plan.name}` : 'Plan'}</dt>
      {rows.length === 0 && <dd className={styles.note}>not known until Tailscale answers</dd>}
      {rows.map(([name, { used, limit }]) => (
        <dd key={name} className={styles.row} data-full={isFull({ used, limit })}>
          <span>{name}</span>
          {limit === null ? (
            <span />
          ) : (
            <i>
              <b style={{ width: `${Math.min(1, used / (limit || 1)) * 100}%` }} />
            </i>
          )}
          <span>
            {formatCount(used)}
            <small>/{limit === null ? '∞' : formatCount(limit)}</small>
          </span>
        </dd>
      ))}
    </div>
  );
}
