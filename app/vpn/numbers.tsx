'use client';

import { Fragment, type ReactNode } from 'react';
import type { DevicesResponse, QuotaStatusResponse, UsageResponse } from '@/lib/api/schemas';
import { CLASSIFICATIONS } from '@/lib/domain/device';
import { formatChange, formatCount, formatShare } from '@/lib/domain/format';
import { classMeaning, p95Meaning } from '../_ui/meanings';
import { formatQuantile } from '../_ui/quantile';
import { ResponseTime } from '../_ui/response-time';
import { Term } from '../_ui/tooltip';
import styles from './numbers.module.css';
import { isFull } from './problems';
import { countErrors } from './status-classes';
import { rangeWords } from './view';
import { useView } from './view-context';
import { besidePeopleWords } from './visitor-words';

const NOTHING_YET = 'Nothing to count yet';

/** The numbers of the range, each compared with the previous range; the devices; the plan. */
export function Numbers({
  usage,
  devices,
  quota,
  hasAccesses,
}: {
  usage: UsageResponse;
  devices: DevicesResponse | null;
  quota: QuotaStatusResponse | null;
  /** Whether there is, or was, any access: a 0 is only shown when it has been counted. */
  hasAccesses: boolean;
}) {
  const { before } = rangeWords(useView().view.range);
  const { previous } = usage;
  const beside = besidePeopleWords(usage);
  const errors = countErrors(usage.by_status);
  const counted = (value: string) => (hasAccesses ? value : '—');
  const compare = (now: number, then: number) => {
    if (!hasAccesses) return NOTHING_YET;
    const change = formatChange(now, then);
    return change ? `${change} ${before} (${formatCount(then)})` : `Nothing in ${before}`;
  };
  return (
    <section id="numbers" aria-labelledby="numbers-title">
      <h2 id="numbers-title" className="hidden">
        Numbers
      </h2>
      <dl className={styles.numbers}>
        <Stat
          label="Accesses"
          value={counted(formatCount(usage.total_accesses))}
          note={compare(usage.total_accesses, previous.total_accesses)}
        />
        <Stat
          label="People"
          value={counted(formatCount(usage.people))}
          note={`${compare(usage.people, previous.people)}${beside && `; also ${beside}`}`}
        />
        <Stat
          label="Devices online"
          value={devices ? formatCount(devices.counts.online) : '—'}
          note={devices ? <ClassNote counts={devices.counts} /> : 'Tailscale has not answered yet'}
        />
        <Stat
          label={
            <>
              Duration, <Term meaning={p95Meaning()}>p95</Term>
            </>
          }
          value={<ResponseTime ms={usage.p95_ms} error={usage.response_time_error} />}
          note={
            usage.p95_ms !== null
              ? `Median ${formatQuantile(usage.p50_ms, usage.response_time_error)}`
              : usage.total_accesses > 0
                ? 'The log has no durations'
                : NOTHING_YET
          }
        />
        <Stat
          label="Errors"
          value={counted(formatCount(errors))}
          note={
            usage.total_accesses > 0
              ? `${formatShare(errors / usage.total_accesses)} of responses were 4xx or 5xx`
              : NOTHING_YET
          }
        />
        <Quota quota={quota} />
      </dl>
    </section>
  );
}

function Stat({ label, value, note }: { label: ReactNode; value: ReactNode; note: ReactNode }) {
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

function ClassNote({ counts }: { counts: DevicesResponse['counts'] }) {
  const classes = CLASSIFICATIONS.filter((name) => name === 'own' || counts[name] > 0);
  return (
    <>
      Of {formatCount(counts.total)}:{' '}
      {classes.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          {formatCount(counts[name])} <Term meaning={classMeaning(name)}>{name}</Term>
        </Fragment>
      ))}
    </>
  );
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
      {rows.length === 0 && <dd className={styles.note}>Not known until Tailscale answers</dd>}
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
