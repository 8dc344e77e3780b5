import type { Finding } from '../domain/finding';
import type { LogSample } from './log-sample';
import { readRemedy } from './problems';
import { quoted } from './shell';

export type LogFacts = {
  /** `ACCESS_LOG`; `null` when it is not set. */
  pattern: string | null;
  problems: readonly { path: string; code: string; message: string }[];
  files: readonly { path: string; size: number; format: string | null }[];
  sample: LogSample;
  /** Who runs this process, for the commands that give it access. */
  user: string;
};

const TIMED_FORMAT = `log_format observatory '$remote_addr - $remote_user [$time_local] "$request" '
                       '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';`;

/** Networks that can be one's own. Trusting a public one would let its machines pose as anybody in the tailnet. */
const PRIVATE =
  /^(?:10\.|127\.|172\.16\.0\.0\/12|192\.168\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;

/** nginx lines that log to `path` with response times. */
function logDirectives(path: string): string {
  const file = /^[\w./:@%+-]+$/.test(path) ? path : `"${path.replace(/["\\]/g, '\\$&')}"`;
  return `# in the http block\n${TIMED_FORMAT}\n# in the server block\naccess_log ${file} observatory;`;
}

/**
 * Says what stands between this log and a dashboard that shows who did what: errors first, then warnings and hints,
 * each with the exact lines to put right. Pure; it judges the facts it is given.
 */
export function examine(facts: LogFacts): Finding[] {
  if (facts.pattern === null) return [notConfigured()];
  const findings = [
    ...facts.problems.map((problem) => aboutProblem(problem, facts.user)),
    ...aboutLines(facts),
  ];
  const order = ['error', 'warning', 'hint'];
  return findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function notConfigured(): Finding {
  const path = '/var/log/nginx/access.log';
  return {
    code: 'no_log_configured',
    severity: 'error',
    title: 'No access log is set',
    detail: 'Who opened what is read from the web server’s access log; ACCESS_LOG names it.',
    remedy: 'Let nginx log with response times, then start with ACCESS_LOG set.',
    snippet: `${logDirectives(path)}\n\n# in a shell\nACCESS_LOG=${path} npm start`,
  };
}

function aboutProblem(problem: LogFacts['problems'][number], user: string): Finding {
  const { path, code, message } = problem;
  if (code === 'ENOENT') {
    return {
      code: 'missing',
      severity: 'error',
      title: 'The access log is not there yet',
      detail: message,
      remedy: 'Check the path, or let nginx write there; nothing has to be restarted here.',
      snippet: logDirectives(path),
    };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const group = `# or, where the log belongs to the group adm (Debian, Ubuntu), and after logging in again\nsudo usermod -aG adm ${quoted(user)}`;
    return {
      code: 'unreadable',
      severity: 'error',
      title: 'The access log may not be read',
      detail: `${path} may not be read by ${user}.`,
      remedy: 'Give this user read access, now and after the next rotation.',
      snippet: `${readRemedy(path, user).join('\n')}\n${group}`,
    };
  }
  return {
    code: 'problem',
    severity: 'error',
    title: 'A log file cannot be used',
    detail: message,
    remedy: 'Put it right; the file is looked at again every few seconds.',
    snippet: null,
  };
}

function aboutLines({ pattern, problems, files, sample }: LogFacts): Finding[] {
  const findings: Finding[] = [];
  const read = files.filter(({ path }) => !problems.some((problem) => problem.path === path));
  const path = read[0]?.path ?? files[0]?.path ?? pattern ?? '';
  if (read.length > 0 && read.every((file) => file.size === 0)) {
    findings.push({
      code: 'empty',
      severity: 'hint',
      title: 'The access log is still empty',
      detail: `Nothing has been written to ${path} yet.`,
      remedy: 'Open a page of the site over the tailnet; it shows here within seconds.',
      snippet: null,
    });
  }
  if (sample.rejected > 0) findings.push(aboutRejected(sample));
  const { tailnet, loopback, other } = sample.addresses;
  if (sample.hits > 0 && tailnet === 0) findings.push(behindProxy(sample, loopback, other));
  if (sample.hits > 0 && !sample.timed) {
    findings.push({
      code: 'no_response_time',
      severity: 'warning',
      title: 'The log has no response times',
      detail: 'No line has $request_time, so nothing can be said about speed.',
      remedy: 'Log with this format and reload nginx; older lines stay valid.',
      snippet: `${logDirectives(path)}\n\n# in a shell\nsudo nginx -t && sudo nginx -s reload`,
    });
  }
  return findings;
}

function aboutRejected(sample: LogSample): Finding {
  const first = sample.rejectedSamples[0];
  const share = `${sample.rejected} of the last ${sample.rejected + sample.hits} lines`;
  if (first?.reason.includes('"unix:"')) {
    return {
      code: 'unix_socket',
      severity: 'error',
      title: 'The log has no client addresses',
      detail: `${share} come from a proxy over a unix socket, and nginx logs that instead of the client.`,
      remedy: 'Let nginx take the address from the proxy, and only from it.',
      snippet: realIp(['unix:']),
    };
  }
  return {
    code: 'wrong_format',
    severity: sample.hits === 0 ? 'error' : 'warning',
    title: 'Lines that cannot be read',
    detail: `${share} fit no known format${first ? ` (${first.reason}): ${first.line}` : ''}`,
    remedy: 'Copy the log_format of this log from nginx’s configuration into ACCESS_LOG_FORMAT.',
    snippet: `# shows it\nsudo nginx -T 2>/dev/null | grep -A5 log_format\n# then\nACCESS_LOG_FORMAT=${quoted('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time')} npm start`,
  };
}

function realIp(proxies: readonly string[]): string {
  const trusted = proxies.map((proxy) => `set_real_ip_from ${proxy};`).join('\n');
  return `# in the server block; narrow it to the address of a proxy you run yourself\n${trusted}\nreal_ip_header X-Forwarded-For;\nreal_ip_recursive on;`;
}

function behindProxy(sample: LogSample, loopback: number, other: number): Finding {
  const seen = sample.prefixes.map(({ prefix }) => prefix);
  const proxies = seen.filter((prefix) => PRIVATE.test(prefix));
  const local = loopback > other;
  return {
    code: 'behind_proxy',
    severity: 'error',
    title: 'No visit comes from the tailnet',
    detail: `All of the last ${sample.hits} visits come from ${seen.join(', ')}: ${
      local
        ? 'this machine itself, as behind tailscale serve.'
        : 'Docker’s network, another proxy, or clients outside the tailnet.'
    }`,
    remedy: local
      ? 'tailscale serve passes the visitor’s address in X-Forwarded-For; let nginx take it, from this machine only.'
      : 'If that is your own proxy or Docker network, let nginx take the address from it. With Docker’s port forwarding, which hides every client, use network_mode: host or tailscale serve.',
    snippet: proxies.length > 0 ? realIp(proxies) : null,
  };
}
