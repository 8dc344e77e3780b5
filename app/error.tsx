'use client';

import { Message } from './_ui/message';

/** Shown when a page fails to render; the cause is in the server's log. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <Message title="This page could not be shown">
      <p>
        The reason is in the server’s log{error.digest ? ` (search for ${error.digest})` : ''}; the
        state of every part is on <a href="/healthz">/healthz</a>.
      </p>
      <p>
        <button type="button" className="control" onClick={reset}>
          Try again
        </button>
      </p>
    </Message>
  );
}
