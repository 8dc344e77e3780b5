import { basename } from 'node:path';
import { type Finding, findingOf } from '../../domain/finding';
import { reasonSaid } from '../../domain/rejection';
import { type SaidValue, say } from '../../domain/said';
import { MINUTE } from '../../util/time';
import { adviceFor, nameOf } from './advice';
import { aboutClients } from './client-findings';
import type { ExaminedLog, LogFacts } from './facts';
import { type Program, programOf } from './program';

/** A log with the program that writes it. */
export type ProgramLog = ExaminedLog & { program: Program };

/** Examines the readable logs. */
export function aboutLogs({ problems, logs }: LogFacts): Finding[] {
  const read = logs
    .filter(({ path }) => !problems.some((problem) => problem.path === path))
    .map((log) => ({ ...log, program: programOf(log) }));
  return [
    ...aboutNothing(read),
    ...read.flatMap(aboutRejected),
    ...aboutClients(read),
    ...aboutTimes(read),
    ...read.flatMap(aboutFuture),
  ];
}

function aboutNothing(logs: readonly ProgramLog[]): Finding[] {
  const [first] = logs;
  if (first === undefined) return [];
  if (logs.every(({ size }) => size === 0)) {
    return [
      findingOf({
        code: 'empty',
        severity: 'hint',
        title: say('doctor.empty'),
        detail: say('doctor.emptyDetail', { path: first.path }),
        remedy: say('doctor.emptyRemedy'),
        snippet: null,
      }),
    ];
  }
  const silent = logs.every(({ sample }) => sample.hits === 0 && sample.rejected === 0);
  if (!silent || logs.every(({ sample }) => sample.others === 0)) return [];
  return [
    findingOf({
      code: 'no_accesses',
      severity: 'warning',
      title: say('doctor.noAccesses'),
      detail: say('doctor.noAccessesDetail', { logs: named(logs) }),
      remedy: say('doctor.noAccessesRemedy', { path: adviceFor(first.program).path }),
      snippet: null,
    }),
  ];
}

function aboutRejected(log: ProgramLog): Finding[] {
  const { path, sample, program } = log;
  if (sample.rejected === 0) return [];
  const [first] = sample.rejectedSamples;
  const all = sample.rejected + sample.hits;
  const some = {
    ...{ path, count: sample.rejected, rejected: { count: sample.rejected } },
    ...{ all, lines: { count: all }, program: nameOf(program) },
  };
  const file = basename(path);
  const severity = sample.hits === 0 ? 'error' : 'warning';
  const advice = adviceFor(program);
  if (first?.reason.includes('"unix:"')) {
    return [
      findingOf({
        code: 'unix_socket',
        severity: 'error',
        title: say('doctor.noAddresses', { file }),
        detail: say('doctor.noAddressesDetail', some),
        remedy: say('doctor.noAddressesRemedy', { program: nameOf(program) }),
        snippet: advice.behindProxy(['unix:']),
      }),
    ];
  }
  if (program === 'envoy') {
    return [
      findingOf({
        code: 'forgeable_address',
        severity,
        title: say('doctor.forgeable', { file }),
        detail: say('doctor.forgeableDetail', some),
        remedy: say('doctor.forgeableRemedy'),
        snippet: advice.timed([path], false),
      }),
    ];
  }
  if (first && sample.rejectedSamples.every(({ reason }) => HOST_NAME.test(reason))) {
    return [
      findingOf({
        code: 'host_names',
        severity,
        title: say('doctor.hostNames', { file }),
        detail: say('doctor.hostNamesDetail', { ...some, line: first.line }),
        remedy: say('doctor.hostNamesRemedy', { program: nameOf(program) }),
        snippet:
          program === 'apache' || program === 'unknown' ? '# Apache\nHostnameLookups Off' : null,
      }),
    ];
  }
  return [
    findingOf({
      code: 'wrong_format',
      severity,
      title: sample.hits === 0 ? say('doctor.noLineRead', { file }) : say('doctor.someLinesUnread'),
      detail: first
        ? say('doctor.wrongFormatDetail', {
            ...some,
            reason: { said: reasonSaid(first.reason) },
            line: first.line,
          })
        : say('doctor.wrongFormatOnly', some),
      ...formatRemedy(log),
    }),
  ];
}

const HOST_NAME = /^not an IP address: "[a-z][\w-]*(?:\.[\w-]+)*"$/i;

/**
 * Proposes a format. Never for a log of which lines are read, since then only that format would apply; nor one for all
 * logs where there are several.
 */
function formatRemedy({
  path,
  formatSet,
  sample,
  program,
}: ProgramLog): Pick<Parameters<typeof findingOf>[0], 'remedy' | 'snippet'> {
  const { showFormat } = adviceFor(program);
  const name = nameOf(program);
  if (formatSet) {
    return { remedy: say('doctor.formatSet', { program: name }), snippet: showFormat };
  }
  if (sample.hits > 0) return { remedy: say('doctor.othersRead'), snippet: null };
  return {
    remedy: say('doctor.copyFormat', { program: name, file: basename(path) }),
    snippet: showFormat === null ? null : `# shows it\n${showFormat}`,
  };
}

/** Returns one finding per program, for all of its logs without response times. */
function aboutTimes(logs: readonly ProgramLog[]): Finding[] {
  const untimed = logs.filter(({ sample }) => sample.hits > 0 && !sample.timed);
  return [...new Set(untimed.map(({ program }) => program))].map((program) => {
    const own = untimed.filter((log) => log.program === program);
    const host = own.some(({ sample }) => sample.formats.some((f) => /(?:^| )host\+/.test(f)));
    const set = own.filter(({ formatSet }) => formatSet);
    const name = nameOf(program);
    return findingOf({
      code: 'no_response_time',
      severity: 'warning',
      title: say('doctor.noTimes'),
      detail: say('doctor.noTimesDetail', { logs: named(own) }),
      remedy:
        set.length === 0
          ? say('doctor.noTimesRemedy', { program: name })
          : say('doctor.noTimesRemedySet', { program: name, logs: named(set) }),
      snippet: adviceFor(program).timed(
        own.map(({ path }) => path),
        host,
      ),
    });
  });
}

function aboutFuture({ path, sample: { hits, future }, program }: ProgramLog): Finding[] {
  if (future.hits === 0) return [];
  const minutes = Math.round(future.aheadMs / MINUTE);
  const isShort = minutes < 120;
  const ahead = isShort ? minutes : Math.round(minutes / 60);
  const zoneless = program === 'haproxy' || program === 'oauth2-proxy';
  return [
    findingOf({
      code: 'future',
      severity: 'warning',
      title: say('doctor.future'),
      detail: say(isShort ? 'doctor.futureMinutes' : 'doctor.futureHours', {
        ...{ path, count: future.hits, future: { count: future.hits } },
        ...{ all: hits, accesses: { count: hits }, ahead, shown: { count: ahead } },
      }),
      remedy: zoneless
        ? say('doctor.zoneless', { program: nameOf(program) })
        : say('doctor.setClocks'),
      snippet: '# on both machines\ntimedatectl status\ndate -u',
    }),
  ];
}

function named(logs: readonly { path: string }[]): SaidValue {
  const shown = logs.slice(0, 3).map(({ path }) => path);
  const rest = logs.length - shown.length;
  const list = shown.join(', ');
  return rest === 0
    ? list
    : { said: say('doctor.andMore', { logs: list, count: { count: rest } }) };
}
