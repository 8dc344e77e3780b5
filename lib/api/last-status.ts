import { AppError } from '../domain/errors';
import type { Services } from '../services';

/** Returns the last status from tailscaled, and its time. Throws `tailscale_unavailable` before the first one. */
export function lastStatus({ tailnet }: Services) {
  const { status, answeredAt, stale, source, error } = tailnet.view();
  if (!status || answeredAt === null) {
    throw new AppError('tailscale_unavailable', error ?? 'tailscaled has not answered yet');
  }
  return { status, answeredAt, stale, source };
}
