import type { Said } from '../domain/said';
import { currentRequest } from '../log/context';
import { logger } from '../log/log';
import type { Services } from '../services';

const log = logger('audit');

/**
 * Records an action in the log and the audit. The action has succeeded, so a failed audit write must not be reported as
 * a failed action.
 */
export async function noteAction(
  { audit }: Services,
  actor: string,
  name: string,
  said: Said,
): Promise<void> {
  const target = said.text;
  log.info(`${actor}: ${name} ${target}`, { action: name, target });
  const requestId = currentRequest()?.requestId ?? '';
  try {
    await audit.addAudit({ time: Date.now(), actor, action: name, target, said, requestId });
  } catch (error) {
    log.error('the audit could not be written', { error });
  }
}
