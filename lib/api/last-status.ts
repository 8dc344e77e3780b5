import { AppError } from '../domain/errors';
import type { Services } from '../services';

/** The tailnet as tailscaled last gave it, and when. Throws `tailscale_unavailable` when it has not answered yet. */
export function lastStatus({ tailnet }: Services) {
  const { status, answeredAt, stale, source, error } = tailnet.view();
  if (!status || answeredAt === null) {
    throw new AppError('tailscale_unavailable', error ?? 'tailscaled has not answered yet');
  }
  return { status, answeredAt, stale, source };
}
