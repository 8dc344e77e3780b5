import { dirname } from 'node:path';
import { type Finding, findingOf } from '../../domain/finding';
import { type Said, say, verbatim } from '../../domain/said';
import { readRemedy } from '../problems';
import { quoted } from '../shell';
import { adviceFor, nameOf, nginxDirectives } from './advice';
import type { LogFacts } from './facts';
import { programOfPath } from './program';

/** Where Docker stores what containers print; readable only by root. */
const DOCKERS_OWN = '/var/lib/docker/';

type Where = Pick<LogFacts, 'user' | 'container'>;

/** Explains a file that could not be opened, or not read to its end. */
export function aboutProblem(problem: LogFacts['problems'][number], where: Where): Finding {
  const { path, code } = problem;
  const message = problem.said ?? verbatim(problem.message);
  if (code === 'ENOENT') return missing(path, message, where);
  if (code === 'EACCES' || code === 'EPERM') {
    return path.startsWith(DOCKERS_OWN) ? ofDocker(path) : unreadable(path, where);
  }
  if (code === 'NOT_A_FILE') return notAFile(path, message);
  return findingOf({
    code: 'problem',
    severity: 'error',
    title: say('doctor.cannotUse'),
    detail: message,
    remedy: say('doctor.cannotUseRemedy'),
    snippet: null,
  });
}

function missing(path: string, message: Said, { container }: Where): Finding {
  const program = programOfPath(path);
  const plain = program === 'nginx' || program === 'unknown';
  const directives = plain ? nginxDirectives([path]) : adviceFor(program).timed([path], false);
  return findingOf({
    code: 'missing',
    severity: 'error',
    title: say('doctor.missing'),
    detail: message,
    remedy: container
      ? say('doctor.missingInContainer')
      : say('doctor.missingRemedy', { program: nameOf(program) }),
    snippet: container ? `${mounted(path)}\n\n${directives}` : directives,
  });
}

function mounted(path: string): string {
  const folder = dirname(path);
  return `# docker run\n-v ${quoted(`${folder}:${folder}:ro`)}\n# or compose.yaml\nvolumes:\n  - ${JSON.stringify(`${folder}:${folder}:ro`)}`;
}

function unreadable(path: string, { user, container }: Where): Finding {
  const group = `# or, where the log belongs to the group adm (Debian, Ubuntu), and after logging in again\nsudo usermod -aG adm ${quoted(user)}`;
  const numbers = `# on the machine: the log's group, as a number\nstat -c %g ${quoted(path)}\n# docker run, with that number\n--group-add NUMBER\n# or compose.yaml\ngroup_add:\n  - "NUMBER"`;
  return findingOf({
    code: 'unreadable',
    severity: 'error',
    title: say('doctor.unreadable'),
    detail: say('doctor.unreadableDetail', { user, path }),
    remedy: say(container ? 'doctor.unreadableInContainer' : 'doctor.unreadableRemedy'),
    snippet: container ? numbers : `${readRemedy(path, user).join('\n')}\n${group}`,
  });
}

function ofDocker(path: string): Finding {
  return findingOf({
    code: 'unreadable',
    severity: 'error',
    title: say('doctor.unreadable'),
    detail: say('doctor.ofDockerDetail', { path }),
    remedy: say('doctor.ofDockerRemedy'),
    snippet: inFolder('/var/log/nginx'),
  });
}

function notAFile(path: string, message: Said): Finding {
  return findingOf({
    code: 'problem',
    severity: 'error',
    title: say('doctor.notAFile'),
    detail: message,
    remedy: say('doctor.notAFileRemedy'),
    snippet: inFolder(dirname(path)),
  });
}

/** Describes a folder that the web server's container writes to, and that this program reads. */
function inFolder(folder: string): string {
  return `# compose.yaml, the web server; with the folder of its own log\nvolumes:\n  - ./logs:${JSON.stringify(folder).slice(1, -1)}\n# and this program's container\nvolumes:\n  - ./logs:/logs:ro\nenvironment:\n  ACCESS_LOG: /logs/access.log`;
}
