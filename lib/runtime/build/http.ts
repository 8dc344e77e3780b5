import path from 'node:path';
import { collectorUrl } from '../../cluster/announce';
import type { Config } from '../../config/config';
import type { TailnetStatus } from '../../domain/device';
import { Gate } from '../../identity/gate';
import { Identifier } from '../../identity/identifier';
import { ReplicaToken } from '../../identity/replica';
import { Tokens } from '../../identity/tokens';
import type { Tailscale } from '../../tailscale/tailscale';

/** Creates the gate. `status`: returns the tailnet as last seen. */
export function buildGate(
  config: Config,
  tailscale: Tailscale,
  status: () => TailnetStatus | null,
): Gate {
  const tokens = new Tokens(path.join(config.dataDir, 'tokens.json'), config.access.tokens);
  const settings = { ...config.access, replicaToken: replicaToken(config, status) };
  const identifier = new Identifier(settings, tailscale, status, tokens);
  return new Gate(config.access, identifier, status);
}

/** What replicas prove themselves by; only a process that collects has any. */
function replicaToken(
  { role, cluster }: Config,
  status: () => TailnetStatus | null,
): ReplicaToken | null {
  if (role === 'web' || cluster.token === null) return null;
  return new ReplicaToken(cluster.token, () => collectorUrl(cluster, status()));
}
