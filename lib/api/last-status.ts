import { AppError } from '../domain/errors';
import { say } from '../domain/said';
import type { Services } from '../services';

/** Returns the last status from tailscaled, and its time. Throws `tailscale_unavailable` before the first one. */
export function lastStatus({ tailnet }: Services) {
  const { status, answeredAt, stale, source, error, errorSaid } = tailnet.view();
  if (!status || answeredAt === null) {
    throw new AppError('tailscale_unavailable', errorSaid ?? error ?? say('ownDevice.notYet'));
  }
  return { status, answeredAt, stale, source };
}
