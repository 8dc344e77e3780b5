import type { Config } from '../config/config';
import type { Runtime } from './runtime';

export async function startReplica(_config: Config): Promise<Runtime> {
  throw new Error('not yet');
}
