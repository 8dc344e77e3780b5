import type { ReactNode } from 'react';
import { problemResponse } from '@/lib/api/errors';
import type { ProblemResponse } from '@/lib/api/schemas';
import { isAppError } from '@/lib/domain/errors';
import { t } from '@/lib/i18n/t';
import { currentServices } from '@/lib/services';
import { Message } from './message';
import { TryAgainSoon } from './try-again-soon';

/** Whether a page's data could not be loaded because tailscaled has not answered yet. */
export const waitsForTailscaled = (error: unknown): boolean =>
  isAppError(error) && error.code === 'tailscale_unavailable';

/** Shown instead of a page whose data could not be loaded: the API's explanation, and where to go. Server only. */
export async function LoadFailed({
  title,
  error,
  children,
}: {
  title: string;
  error: unknown;
  /** Where to go instead. */
  children?: ReactNode;
}) {
  // The problem response holds only what users may see; the log gets the rest.
  const { detail, status }: ProblemResponse = await problemResponse(error).json();
  const { sender } = currentServices().accessLog;
  return (
    <Message title={title}>
      <p>
        <bdi>{detail}</bdi>
      </p>
      {sender?.error && <p>{t('ui.waitingOnDisk', { count: sender.points })}</p>}
      {children && <p>{children}</p>}
      {status >= 500 && <TryAgainSoon />}
    </Message>
  );
}
