'use client';

import type { ReactNode } from 'react';
import type { LogDoctorResponse, UsageResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatBytes } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Empty } from '../_ui/empty';
import { RelativeTime } from '../_ui/relative-time';
import { rich } from '../_ui/rich';
import { isFiltered, viewHref, withoutFilters } from './view';
import { useView, ViewLink } from './view-context';

/** Why there may be no access to show. */
export type Circumstances = {
  health: HealthResponse;
  doctor: LogDoctorResponse;
  leftOut: UsageResponse['left_out'];
};

const setting = () => <code>COUNT_CLIENTS=all</code>;

/**
 * Explains why there is no access to show, and what to do about it: filters, the range, accesses that do not count, or a
 * log that is missing or empty so far.
 */
export function NoAccesses({ health: { access_log: log }, doctor, leftOut }: Circumstances) {
  const { view } = useView();
  const { bots, loopback, non_tailnet: outside } = leftOut;
  const toDoctor = (words: ReactNode) => <a href={`${viewHref(view)}#log`}>{words}</a>;
  if (log.pattern === null && log.last_hit === null) {
    return (
      <Empty title={t('dashboard.noLog')}>
        {rich('dashboard.noLogNext', { link: (words) => <a href="/vpn#set-up">{words}</a> })}
      </Empty>
    );
  }
  if (isFiltered(view)) {
    return (
      <Empty title={t('dashboard.noMatch')}>
        <ViewLink to={withoutFilters(view)}>{t('dashboard.removeFilters')}</ViewLink>
      </Empty>
    );
  }
  if (log.backlog_bytes > 0) {
    return (
      <Empty title={t('dashboard.reading')}>
        {t('dashboard.left', { size: formatBytes(log.backlog_bytes) })}
      </Empty>
    );
  }
  if (loopback > outside) {
    return (
      <Empty title={t('dashboard.onlyThisDevice', { count: loopback })}>
        {rich('dashboard.hiddenClients', { doctor: toDoctor, setting })}
      </Empty>
    );
  }
  if (outside > 0) {
    return (
      <Empty title={t('dashboard.noneInTailnet', { count: outside })}>
        {rich('dashboard.onlyTailnet', { doctor: toDoctor, setting })}
      </Empty>
    );
  }
  if (bots > 0) {
    return (
      <Empty title={t('dashboard.onlyBots', { count: bots })}>
        <ViewLink to={{ ...view, bots: true }}>{t('view.countBots')}</ViewLink>
      </Empty>
    );
  }
  if (log.last_hit) {
    const { last_hit: last } = log;
    return (
      <Empty title={t('dashboard.noAccesses')}>
        {rich(view.range === '90d' ? 'dashboard.lastOneOnly' : 'dashboard.lastOne', {
          time: () => <RelativeTime iso={last} />,
          link: (words) => <ViewLink to={{ ...view, range: '90d' }}>{words}</ViewLink>,
        })}
      </Empty>
    );
  }
  const fault = doctor.findings.find(({ severity }) => severity === 'error');
  if (fault !== undefined) {
    return (
      <Empty title={fault.title}>
        {rich('dashboard.doctorSaysMore', { remedy: fault.remedy, doctor: toDoctor })}
      </Empty>
    );
  }
  return (
    <Empty title={t('dashboard.waitingFor', { pattern: log.pattern ?? '' })}>
      {doctor.findings.length > 0
        ? toDoctor(t('dashboard.seeWhatIsWrong'))
        : t('dashboard.openAPage')}
    </Empty>
  );
}
