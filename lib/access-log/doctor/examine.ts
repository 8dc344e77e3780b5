import { type Finding, findingOf } from '../../domain/finding';
import { say } from '../../domain/said';
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
  return findingOf({
    code: 'no_log_configured',
    severity: 'error',
    title: say('doctor.notSet'),
    detail: say('doctor.notSetDetail'),
    remedy: say('doctor.notSetRemedy'),
    snippet: `${nginxDirectives([path])}\n\n# in a shell\nACCESS_LOG=${path} npm start`,
  });
}
