import type { Finding } from '../../domain/finding';
import { formatCount } from '../../domain/format';
import { adviceFor } from './advice';
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
  const { name, behindProxy } = adviceFor(program);
  return {
    code: 'behind_proxy',
    severity: others ? 'hint' : 'error',
    title: 'No access comes from the tailnet',
    detail: `${path}: ${
      sample.hits === 1
        ? 'its only access comes'
        : `its last ${formatCount(sample.hits)} accesses all come`
    } from ${seen.join(', ')}: ${
      local
        ? 'this machine itself, as behind tailscale serve.'
        : 'Docker’s network, another proxy, or clients outside the tailnet.'
    }`,
    remedy: local
      ? `tailscale serve passes the visitor’s address in X-Forwarded-For; have ${name} read it, from this machine only.`
      : `If that is your own proxy or Docker network, have ${name} read the address that it passes on. With Docker’s port forwarding, which hides every client, use network_mode: host or tailscale serve.`,
    snippet: proxies.length > 0 ? behindProxy(proxies) : null,
  };
}
