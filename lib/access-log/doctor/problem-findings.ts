import { dirname } from 'node:path';
import type { Finding } from '../../domain/finding';
import { readRemedy } from '../problems';
import { quoted } from '../shell';
import { adviceFor, nginxDirectives } from './advice';
import type { LogFacts } from './facts';
import { programOfPath } from './program';

/** Where Docker stores what containers print; readable only by root. */
const DOCKERS_OWN = '/var/lib/docker/';

type Where = Pick<LogFacts, 'user' | 'container'>;

/** Explains a file that could not be opened, or not read to its end. */
export function aboutProblem(problem: LogFacts['problems'][number], where: Where): Finding {
  const { path, code, message } = problem;
  if (code === 'ENOENT') return missing(path, message, where);
  if (code === 'EACCES' || code === 'EPERM') {
    return path.startsWith(DOCKERS_OWN) ? ofDocker(path) : unreadable(path, where);
  }
  if (code === 'NOT_A_FILE') return notAFile(path, message);
  return {
    code: 'problem',
    severity: 'error',
    title: 'A log file cannot be used',
    detail: message,
    remedy: 'Fix that; the file is checked again every few seconds.',
    snippet: null,
  };
}

function missing(path: string, message: string, { container }: Where): Finding {
  const program = programOfPath(path);
  const plain = program === 'nginx' || program === 'unknown';
  const directives = plain ? nginxDirectives([path]) : adviceFor(program).timed([path], false);
  return {
    code: 'missing',
    severity: 'error',
    title: 'The access log does not exist yet',
    detail: message,
    remedy: container
      ? 'This runs in a container, which sees only what is mounted: mount the log’s folder (a file alone is lost at its next rotation), or check the path.'
      : `Check the path, or let ${adviceFor(program).name} write there; no restart is needed here.`,
    snippet: container ? `${mounted(path)}\n\n${directives}` : directives,
  };
}

function mounted(path: string): string {
  const folder = dirname(path);
  return `# docker run\n-v ${quoted(`${folder}:${folder}:ro`)}\n# or compose.yaml\nvolumes:\n  - ${JSON.stringify(`${folder}:${folder}:ro`)}`;
}

function unreadable(path: string, { user, container }: Where): Finding {
  const group = `# or, where the log belongs to the group adm (Debian, Ubuntu), and after logging in again\nsudo usermod -aG adm ${quoted(user)}`;
  const numbers = `# on the machine: the log's group, as a number\nstat -c %g ${quoted(path)}\n# docker run, with that number\n--group-add NUMBER\n# or compose.yaml\ngroup_add:\n  - "NUMBER"`;
  return {
    code: 'unreadable',
    severity: 'error',
    title: 'No permission to read the access log',
    detail: `The user ${user} may not read ${path}.`,
    remedy: container
      ? 'Give this container the group that may read the log; no root is needed.'
      : 'Give this user read access, now and after the next rotation.',
    snippet: container ? numbers : `${readRemedy(path, user).join('\n')}\n${group}`,
  };
}

function ofDocker(path: string): Finding {
  return {
    code: 'unreadable',
    severity: 'error',
    title: 'No permission to read the access log',
    detail: `${path} belongs to Docker, and only root may read it.`,
    remedy:
      'Let the web server’s container write its log to a folder that both can see, and name that in ACCESS_LOG.',
    snippet: inFolder('/var/log/nginx'),
  };
}

function notAFile(path: string, message: string): Finding {
  return {
    code: 'problem',
    severity: 'error',
    title: 'The access log is not a file',
    detail: message,
    remedy:
      'Mount a folder over that of the log, so that the web server’s container writes a real file there.',
    snippet: inFolder(dirname(path)),
  };
}

/** Describes a folder that the web server's container writes to, and that this program reads. */
function inFolder(folder: string): string {
  return `# compose.yaml, the web server; with the folder of its own log\nvolumes:\n  - ./logs:${JSON.stringify(folder).slice(1, -1)}\n# and this program's container\nvolumes:\n  - ./logs:/logs:ro\nenvironment:\n  ACCESS_LOG: /logs/access.log`;
}
