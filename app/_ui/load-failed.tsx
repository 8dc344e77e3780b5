import type { ReactNode } from 'react';
import { problemResponse } from '@/lib/api/errors';
import type { ProblemResponse } from '@/lib/api/schemas';
import { formatQuantity } from '@/lib/domain/format';
import { currentServices } from '@/lib/services';
import { Message } from './message';
import { TryAgainSoon } from './try-again-soon';

/** Instead of a page whose data could not be had: why, in the words the API has for it, and a way on. Server only. */
export async function LoadFailed({
  title,
  error,
  children,
}: {
  title: string;
  error: unknown;
  /** The way on. */
  children?: ReactNode;
}) {
  // Nothing that is not meant for users leaves the house; the log gets the rest.
  const { detail, status }: ProblemResponse = await problemResponse(error).json();
  const { sender } = currentServices().accessLog;
  return (
    <Message title={title}>
      <p>
        <bdi>{detail}</bdi>
      </p>
      {sender?.error && (
        <p>
          Collecting goes on: {formatQuantity(sender.points, 'point')} wait on disk until they can
          be sent, and none is lost.
        </p>
      )}
      {children && <p>{children}</p>}
      {status >= 500 && <TryAgainSoon />}
    </Message>
  );
}
