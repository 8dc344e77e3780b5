'use client';

import { Fragment, type ReactNode } from 'react';
import type { DevicesResponse, QuotaStatusResponse, UsageResponse } from '@/lib/api/schemas';
import { CLASSIFICATIONS } from '@/lib/domain/device';
import { formatChange, formatCount, formatShare } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { classMeaning, p95Meaning } from '../_ui/meanings';
import { formatQuantile } from '../_ui/quantile';
import { ResponseTime } from '../_ui/response-time';
import { rich } from '../_ui/rich';
import { Term } from '../_ui/tooltip';
import styles from './numbers.module.css';
import { isFull } from './problems';
import { countErrors } from './status-classes';
import { rangeWords } from './view';
import { useView } from './view-context';
import { besidePeopleWords } from './visitor-words';

/** The numbers of the range, each compared with the previous range; the devices; the plan. */
export function Numbers({
  usage,
  devices,
  quota,
  hasAccesses,
  traffic,
}: {
  usage: UsageResponse;
  devices: DevicesResponse | null;
  quota: QuotaStatusResponse | null;
  /** Whether there is, or was, any access: a 0 is only shown when it has been counted. */
  hasAccesses: boolean;
  /** What has travelled. */
  traffic: ReactNode;
}) {
  const { before } = rangeWords(useView().view.range);
  const { previous } = usage;
  const beside = besidePeopleWords(usage);
  const errors = countErrors(usage.by_status);
  const counted = (value: string) => (hasAccesses ? value : '—');
  const compare = (now: number, then: number) => {
    if (!hasAccesses) return t('dashboard.nothingYet');
    const change = formatChange(now, then);
    if (!change) return t('dashboard.nothingBefore', { before });
    return t('dashboard.comparedWith', { change, before, count: formatCount(then) });
  };
  const people = compare(usage.people, previous.people);
  return (
    <section id="numbers" className={styles.container} aria-labelledby="numbers-title">
      <h2 id="numbers-title" className="hidden">
        {t('dashboard.numbers')}
      </h2>
      <dl className={styles.numbers}>
        <Stat
          label={t('usage.accesses')}
          value={counted(formatCount(usage.total_accesses))}
          note={compare(usage.total_accesses, previous.total_accesses)}
        />
        <Stat
          label={t('usage.people')}
          value={counted(formatCount(usage.people))}
          note={beside ? t('dashboard.alsoBy', { compared: people, others: beside }) : people}
        />
        <Stat
          label={t('dashboard.devicesOnlineLabel')}
          value={devices ? formatCount(devices.counts.online) : '—'}
          note={devices ? <ClassNote counts={devices.counts} /> : t('dashboard.notAnswered')}
        />
        <Stat
          label={rich('dashboard.durationP95', {
            term: (word) => <Term meaning={p95Meaning()}>{word}</Term>,
          })}
          value={<ResponseTime ms={usage.p95_ms} error={usage.response_time_error} />}
          note={
            usage.p95_ms !== null
              ? t('dashboard.median', {
                  value: formatQuantile(usage.p50_ms, usage.response_time_error),
                })
              : t(usage.total_accesses > 0 ? 'dashboard.noDurations' : 'dashboard.nothingYet')
          }
        />
        <Stat
          label={t('usage.errors')}
          value={counted(formatCount(errors))}
          note={
            usage.total_accesses > 0
              ? t('dashboard.errorShare', { share: formatShare(errors / usage.total_accesses) })
              : t('dashboard.nothingYet')
          }
        />
        {traffic}
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
  return rich('dashboard.ofTotal', {
    total: formatCount(counts.total),
    classes: () =>
      classes.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          {rich(`dashboard.${name}`, {
            count: counts[name],
            term: (word) => <Term meaning={classMeaning(name)}>{word}</Term>,
          })}
        </Fragment>
      )),
  });
}

function Quota({ quota }: { quota: QuotaStatusResponse | null }) {
  const rows: [string, QuotaStatusResponse['users']][] = quota
    ? [
        [t('dashboard.planUsers'), quota.users],
        [t('dashboard.planExternal'), quota.external_users],
        [t('dashboard.planDevices'), quota.devices],
      ]
    : [];
  return (
    <div className={styles.quota}>
      <dt>{quota ? t('dashboard.planNamed', { name: quota.plan.name }) : t('dashboard.plan')}</dt>
      {rows.length === 0 && <dd className={styles.note}>{t('dashboard.planUnknown')}</dd>}
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
