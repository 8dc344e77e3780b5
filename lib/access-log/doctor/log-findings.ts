import { basename } from 'node:path';
import type { Finding } from '../../domain/finding';
import { formatCount, pluralize } from '../../domain/format';
import { MINUTE } from '../../util/time';
import { adviceFor } from './advice';
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
      {
        code: 'empty',
        severity: 'hint',
        title: 'The access log is still empty',
        detail: `Nothing has been written to ${first.path} yet.`,
        remedy: 'Open a page of the site over the tailnet; it appears here within seconds.',
        snippet: null,
      },
    ];
  }
  const silent = logs.every(({ sample }) => sample.hits === 0 && sample.rejected === 0);
  if (!silent || logs.every(({ sample }) => sample.others === 0)) return [];
  return [
    {
      code: 'no_accesses',
      severity: 'warning',
      title: 'The log has no accesses in it',
      detail: `${named(logs)}: every line is from an error log, or from a program about itself.`,
      remedy: `Set ACCESS_LOG to the access log, such as ${adviceFor(first.program).path}.`,
      snippet: null,
    },
  ];
}

function aboutRejected({ path, formatSet, sample, program }: ProgramLog): Finding[] {
  if (sample.rejected === 0) return [];
  const first = sample.rejectedSamples[0];
  const all = sample.rejected + sample.hits;
  const share = `${formatCount(sample.rejected)} of the last ${counted(all, 'line')}`;
  const verb = (one: string, many: string) => pluralize(sample.rejected, one, many);
  const severity = sample.hits === 0 ? 'error' : 'warning';
  const advice = adviceFor(program);
  if (first?.reason.includes('"unix:"')) {
    return [
      {
        code: 'unix_socket',
        severity: 'error',
        title: `${basename(path)} has no client addresses`,
        detail: `${path}: ${share} ${verb('comes', 'come')} from a proxy over a unix socket, and ${advice.name} logs that instead of the client.`,
        remedy: `Let ${advice.name} take the address from the proxy, and only from it.`,
        snippet: advice.behindProxy(['unix:']),
      },
    ];
  }
  if (program === 'envoy') {
    return [
      {
        code: 'forgeable_address',
        severity,
        title: `${basename(path)} is in Envoy’s default format, which has no trustworthy client address`,
        detail: `${path}: ${share} ${verb('is', 'are')} in Envoy’s default format. Its only address is X-Forwarded-For, which clients write themselves.`,
        remedy: 'Let Envoy log %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%.',
        snippet: advice.timed([path], false),
      },
    ];
  }
  if (sample.rejectedSamples.every(({ reason }) => HOST_NAME.test(reason))) {
    return [
      {
        code: 'host_names',
        severity,
        title: `${basename(path)} has host names in place of addresses`,
        detail: `${path}: ${share} ${verb('begins', 'begin')} with a name${first ? `: ${first.line}` : ''}`,
        remedy: `Let ${advice.name} log addresses: Apache writes names with HostnameLookups On.`,
        snippet:
          program === 'apache' || program === 'unknown' ? '# Apache\nHostnameLookups Off' : null,
      },
    ];
  }
  return [
    {
      code: 'wrong_format',
      severity,
      title:
        sample.hits === 0
          ? `No line of ${basename(path)} can be read`
          : 'Some lines cannot be read',
      detail: `${path}: ${share} ${verb('matches', 'match')} no known format${first ? ` (${first.reason}): ${first.line}` : ''}`,
      ...formatRemedy({ path, formatSet, sample, program }),
    },
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
}: Omit<ProgramLog, 'size'>): Pick<Finding, 'remedy' | 'snippet'> {
  const { name, showFormat } = adviceFor(program);
  if (formatSet) {
    return {
      remedy: `ACCESS_LOG_FORMAT sets this log’s format. Compare it with the one ${name} uses, or leave it out: common formats are recognised.`,
      snippet: showFormat,
    };
  }
  if (sample.hits > 0) {
    return {
      remedy:
        'The other lines are recognised, and need no setting. If these are accesses too, have them logged in the same format.',
      snippet: null,
    };
  }
  return {
    remedy: `Copy this log’s format from the configuration of ${name} into ACCESS_LOG_FORMAT, after ${basename(path)}= so that it applies to this log only. Lines rejected so far are then read again.`,
    snippet: showFormat === null ? null : `# shows it\n${showFormat}`,
  };
}

/** Returns one finding per program, for all of its logs without response times. */
function aboutTimes(logs: readonly ProgramLog[]): Finding[] {
  const untimed = logs.filter(({ sample }) => sample.hits > 0 && !sample.timed);
  return [...new Set(untimed.map(({ program }) => program))].map((program) => {
    const own = untimed.filter((log) => log.program === program);
    const { name, timed } = adviceFor(program);
    const host = own.some(({ sample }) => sample.formats.some((f) => /(?:^| )host\+/.test(f)));
    const set = own.filter(({ formatSet }) => formatSet);
    return {
      code: 'no_response_time',
      severity: 'warning',
      title: 'The log has no response times',
      detail: `No line of ${named(own)} says how long the request took, so nothing is known about speed.`,
      remedy: `Have ${name} log like this, in place of the lines that set up this log now; older entries stay valid.${
        set.length === 0
          ? ''
          : ` ACCESS_LOG_FORMAT sets another format for ${named(set)}: start a new file for the new format, and remove the old one from ACCESS_LOG_FORMAT at the same time, since the new one is recognised. What was read stays.`
      }`,
      snippet: timed(
        own.map(({ path }) => path),
        host,
      ),
    };
  });
}

function aboutFuture({ path, sample: { hits, future }, program }: ProgramLog): Finding[] {
  if (future.hits === 0) return [];
  const minutes = Math.round(future.aheadMs / MINUTE);
  const ahead =
    minutes < 120 ? counted(minutes, 'minute') : counted(Math.round(minutes / 60), 'hour');
  const zoneless = program === 'haproxy' || program === 'oauth2-proxy';
  return [
    {
      code: 'future',
      severity: 'warning',
      title: 'Accesses are dated in the future',
      detail: `${path}: ${formatCount(future.hits)} of the last ${counted(hits, 'access', 'accesses')} ${pluralize(future.hits, 'is', 'are')} up to ${ahead} ahead of this machine’s clock.`,
      remedy: zoneless
        ? `${adviceFor(program).name} logs local times without a zone, which are taken for this machine’s: give both the same zone (TZ), and set both clocks by the network.`
        : 'Set the clocks of both machines by the network, and check the zone (TZ) of the web server’s container.',
      snippet: '# on both machines\ntimedatectl status\ndate -u',
    },
  ];
}

/** Returns `1 line`, `3 lines`, with a plain space, so that a sentence breaks anywhere. */
const counted = (value: number, singular: string, plural?: string) =>
  `${formatCount(value)} ${pluralize(value, singular, plural)}`;

function named(logs: readonly { path: string }[]): string {
  const shown = logs.slice(0, 3).map(({ path }) => path);
  const rest = logs.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
