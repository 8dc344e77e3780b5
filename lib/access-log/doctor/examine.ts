import type { Finding } from '../../domain/finding';
import { adviceFor, nginxDirectives } from './advice';
import type { LogFacts } from './facts';
import { aboutLogs } from './log-findings';
import { aboutProblem } from './problem-findings';

/**
 * Finds what prevents these logs from showing who did what: errors first, then warnings and hints, each with the exact
 * lines that fix it, for the program that writes the log. Each log is judged by itself. Pure; it judges the facts it is
 * given.
 */
export function examine(facts: LogFacts): Finding[] {
  if (facts.pattern === null) return [notConfigured()];
  const findings = [
    ...facts.problems.map((problem) => aboutProblem(problem, facts)),
    ...aboutLogs(facts),
  ];
  const order = ['error', 'warning', 'hint'];
  return findings.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function notConfigured(): Finding {
  const { path } = adviceFor('nginx');
  return {
    code: 'no_log_configured',
    severity: 'error',
    title: 'No access log is set',
    detail: 'The web server’s access log says who opened what; ACCESS_LOG names it.',
    remedy:
      'Have the web server log response times, then start with ACCESS_LOG set. These are nginx’s lines; the logs of Caddy, Traefik, HAProxy and Nginx Proxy Manager have all that is needed.',
    snippet: `${nginxDirectives([path])}\n\n# in a shell\nACCESS_LOG=${path} npm start`,
  };
}
