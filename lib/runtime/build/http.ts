import path from 'node:path';
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
  const { token } = config.cluster;
  // A replica sends the token; only a collector admits who sends it.
  const replicaToken = token === null || config.role === 'web' ? null : new ReplicaToken(token);
  const settings = { ...config.access, replicaToken };
  const identifier = new Identifier(settings, tailscale, status, tokens);
  return new Gate(config.access, identifier, status);
}
