'use client';

import type { LogDoctorResponse, UsageResponse } from '@/lib/api/schemas';
import type { HealthResponse } from '@/lib/api/service-schemas';
import { formatBytes, formatQuantity } from '@/lib/domain/format';
import { Empty } from '../_ui/empty';
import { RelativeTime } from '../_ui/relative-time';
import { viewQuery, withoutFilters } from './view';
import { useView, ViewLink } from './view-context';

/**
 * Explains why there is no access to show, and what to do about it: filters, the range, or a log that is empty so far.
 */
export function NoAccesses({
  health: { access_log: log },
  doctor,
  leftOut: { bots, non_tailnet: outside },
}: {
  health: HealthResponse;
  doctor: LogDoctorResponse;
  leftOut: UsageResponse['left_out'];
}) {
  const { view } = useView();
  const unfiltered = withoutFilters(view);
  if (viewQuery(view) !== viewQuery(unfiltered)) {
    return (
      <Empty title="No access matches the filters in this range">
        <ViewLink to={unfiltered}>Remove the filters</ViewLink>
      </Empty>
    );
  }
  if (log.backlog_bytes > 0) {
    return (
      <Empty title="Reading the log">
        {formatBytes(log.backlog_bytes)} left; accesses appear as they are read.
      </Empty>
    );
  }
  if (outside > 0) {
    return (
      <Empty
        title={`${formatQuantity(outside, 'access', 'accesses')}, none of them from the tailnet`}
      >
        Only tailnet addresses are counted. If there is a proxy in front of the web server,{' '}
        <a href="#log">the log doctor</a> has the lines to add. To count every client, set{' '}
        <code>COUNT_CLIENTS=all</code>.
      </Empty>
    );
  }
  if (bots > 0) {
    return (
      <Empty title={`Only bots: ${formatQuantity(bots, 'access', 'accesses')}`}>
        <ViewLink to={{ ...view, bots: true }}>Count bots</ViewLink>
      </Empty>
    );
  }
  if (log.last_hit) {
    return (
      <Empty title="No accesses in this range">
        The last one was <RelativeTime iso={log.last_hit} />.{' '}
        {view.range !== '90d' && (
          <ViewLink to={{ ...view, range: '90d' }}>Show the last 90 days</ViewLink>
        )}
      </Empty>
    );
  }
  const fault = doctor.findings.find(({ severity }) => severity === 'error');
  if (fault !== undefined) {
    return (
      <Empty title={fault.title}>
        {fault.remedy} <a href="#log">The log doctor</a> says more.
      </Empty>
    );
  }
  return (
    <Empty title={`Waiting for the first line in ${log.pattern}`}>
      {doctor.findings.length > 0 ? (
        <a href="#log">See what is wrong with the log</a>
      ) : (
        'Open a page over the tailnet: it appears here within five seconds.'
      )}
    </Empty>
  );
}
