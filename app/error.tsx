'use client';

import { Message } from './_ui/message';

/** What a page shows when it failed to render; what went wrong is in the server's log. */
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
        The reason is in the server’s log{error.digest ? ` (look for ${error.digest})` : ''}; how
        every part is doing is on <a href="/healthz">/healthz</a>.
      </p>
      <p>
        <button type="button" className="control" onClick={reset}>
          Try again
        </button>
      </p>
    </Message>
  );
}
