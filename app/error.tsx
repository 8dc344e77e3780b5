'use client';

import { t } from '@/lib/i18n/t';
import { Message } from './_ui/message';
import { rich } from './_ui/rich';

/** Shown when a page fails to render; the cause is in the server's log. */
export default function ErrorPage({
  error: { digest },
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const healthz = () => <a href="/healthz">/healthz</a>;
  return (
    <Message title={t('ui.notShown')}>
      <p>
        {digest
          ? rich('ui.reasonInLogAs', { digest, healthz })
          : rich('ui.reasonInLog', { healthz })}
      </p>
      <p>
        <button type="button" className="control" onClick={reset}>
          {t('ui.tryAgain')}
        </button>
      </p>
    </Message>
  );
}
