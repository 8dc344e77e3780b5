import { findingInWords } from '../domain/finding';
import { formatCount, formatDuration } from '../domain/format';
import type { IngestState } from '../domain/ingest-state';
import type { JobState } from '../domain/job';
import { isExitNodeUp } from '../domain/judgement';
import { isBlind, ownWords } from '../domain/own-device';
import { inWords, spoken, verbatim } from '../domain/said';
import { unmatchedWords } from '../domain/watched';
import { t } from '../i18n/t';
import { logProblem } from '../log/log';
import type { Services } from '../services';
import { MINUTE } from '../util/time';
import type { HealthResponse } from './service-schemas';

type Problem = HealthResponse['problems'][number];

/** A job that is late by this much is reported as hanging. */
const OVERDUE_MS = 5 * MINUTE;
/** The first reading of a log of gigabytes takes long, and its progress is shown. */
const LONG_JOB = 'collect_analytics';
/** The log doctor's findings when no line of a log can be read. */
const UNREADABLE: readonly string[] = [
  'wrong_format',
  'unix_socket',
  'forgeable_address',
  'host_names',
];

/** Returns what is wrong in any part. Several parts may report the same: it is listed once, for the first. */
export async function healthProblems(services: Services): Promise<Problem[]> {
  const jobs = services.jobs();
  const problems = [
    ...ofCollectors(services),
    ...ofOwnDevice(services),
    ...ofOtherDevices(services),
    ...(await ofAccessLog(services)),
    ...ofStorage(services, jobs),
    ...ofJobs(jobs),
  ];
  return problems.filter(
    ({ message }, i) => problems.findIndex((other) => other.message === message) === i,
  );
}

/** Returns why the store refuses what is written; `null` when it does not. */
export function storeErrorOf({ accessLog }: Services, jobs: readonly JobState[]): string | null {
  const refused = jobs.find(({ lastCause }) => lastCause === 'store');
  const { storeError, storeErrorSaid } = accessLog;
  return (
    inWords(storeError, storeErrorSaid) ??
    inWords(refused?.lastError ?? null, refused?.lastErrorSaid)
  );
}

function ofCollectors(services: Services): Problem[] {
  return services
    .collectors()
    .flatMap(({ away, problem }) =>
      away && problem !== null ? [{ part: 'collectors', message: problem }] : [],
    );
}

function ofOwnDevice({ tailnet }: Services): Problem[] {
  const { own, ...view } = tailnet.view();
  if (own.state === 'unreachable') {
    return [
      {
        part: 'tailscale',
        message: inWords(view.error, view.errorSaid) ?? t('ownDevice.notForAWhile'),
      },
    ];
  }
  if (own.state === 'ok' || !own.settled) return [];
  return [{ part: 'own_device', message: t('healthProblems.ownDevice', ownWords(own)) }];
}

/** Returns what is wrong with others, unless our own device cannot see them. */
function ofOtherDevices({ tailnet, connections }: Services): Problem[] {
  const { own, status } = tailnet.view();
  if (!status || isBlind(own.state)) return [];
  const { exitNode, devices } = status;
  const problems: Problem[] = [];
  const exit = devices.find(({ id }) => id === exitNode?.id);
  if (exitNode && !isExitNodeUp(exitNode, exit ? connections.judge(exit) : null)) {
    const message = t('healthProblems.exitNode', { device: exitNode.name });
    problems.push({ part: 'exit_node', message });
  }
  for (const unmatched of connections.unmatched(devices)) {
    problems.push({ part: 'critical_nodes', message: unmatchedWords(unmatched) });
  }
  return problems;
}

async function ofAccessLog({ accessLog }: Services): Promise<Problem[]> {
  const { problems, files } = accessLog.state;
  const findings = await accessLog.findings();
  const messages = [
    ...problems.map(problemInWords),
    ...files.flatMap(({ error, errorSaid }) => inWords(error, errorSaid) ?? []),
    ...findings
      .filter(({ code, severity }) => severity === 'error' && UNREADABLE.includes(code))
      .map((finding) => findingInWords(finding).title),
  ];
  return messages.map((message) => ({ part: 'access_log', message }));
}

type FileProblem = IngestState['problems'][number];

/** Returns what is wrong with a file, in the current language. */
export const problemInWords = ({ message, said }: FileProblem): string =>
  spoken(said ?? verbatim(message));

function ofStorage(services: Services, jobs: readonly JobState[]): Problem[] {
  const storeError = storeErrorOf(services, jobs);
  const unwritten = logProblem();
  const { sender } = services.accessLog;
  const problems: Problem[] = [];
  if (storeError !== null) problems.push({ part: 'store', message: storeError });
  if (unwritten !== null) problems.push({ part: 'log', message: spoken(unwritten) });
  if (sender?.error) {
    const { points } = sender;
    const error = inWords(sender.error, sender.errorSaid) ?? '';
    const values = { error, count: points, points: formatCount(points) };
    problems.push({ part: 'store', message: t('healthProblems.waiting', values) });
  }
  return problems;
}

function ofJobs(jobs: readonly JobState[]): Problem[] {
  return [
    // A job that tailscaled prevented has its reason above as long as it lasts; the job is retried soon.
    ...jobs.flatMap(({ name, lastError, lastErrorSaid, lastCause }) => {
      const message = lastCause === 'tailscale' ? null : inWords(lastError, lastErrorSaid);
      return message === null ? [] : [{ part: name, message }];
    }),
    ...jobs
      .filter(({ name, overdueMs }) => overdueMs > OVERDUE_MS && name !== LONG_JOB)
      .map(({ name, overdueMs }) => ({
        part: name,
        message: t('healthProblems.overdue', { duration: formatDuration(overdueMs) }),
      })),
  ];
}
