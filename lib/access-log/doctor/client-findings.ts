import { type Finding, findingOf } from '../../domain/finding';
import { say } from '../../domain/said';
import { adviceFor, nameOf } from './advice';
import type { ProgramLog } from './log-findings';

/** Networks that can be one's own. Trusting a public one would let its machines impersonate anyone in the tailnet. */
const PRIVATE =
  /^(?:10\.|127\.|172\.16\.0\.0\/12|192\.168\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;

/**
 * Examines logs in which no client is in the tailnet. While another log has such clients, only signs of a proxy in
 * front are worth a hint: a public site beside them is no fault.
 */
export function aboutClients(logs: readonly ProgramLog[]): Finding[] {
  const anyTailnet = logs.some(({ sample }) => sample.addresses.tailnet > 0);
  return logs
    .filter(({ sample }) => sample.hits > 0 && sample.addresses.tailnet === 0)
    .map((log) => behindProxy(log, anyTailnet))
    .filter((finding) => finding !== null);
}

function behindProxy({ path, sample, program }: ProgramLog, others: boolean): Finding | null {
  const seen = sample.prefixes.map(({ prefix }) => prefix);
  const proxies = seen.filter((prefix) => PRIVATE.test(prefix));
  if (others && proxies.length === 0) return null;
  const local = sample.addresses.loopback > sample.addresses.other;
  const why = { said: say(local ? 'doctor.thisMachine' : 'doctor.otherNetwork') };
  const from = { path, addresses: seen.join(', '), why };
  return findingOf({
    code: 'behind_proxy',
    severity: others ? 'hint' : 'error',
    title: say('doctor.noneFromTailnet'),
    detail:
      sample.hits === 1
        ? say('doctor.onlyAccessFrom', from)
        : say('doctor.accessesFrom', { ...from, hits: { count: sample.hits } }),
    remedy: say(local ? 'doctor.readServe' : 'doctor.readProxy', { program: nameOf(program) }),
    snippet: proxies.length > 0 ? adviceFor(program).behindProxy(proxies) : null,
  });
}
