'use client';

import { type Action, useOutcomeFocus } from './use-action';

/** What came of an action, announced and focused, so that the focus stays near the button even if that disappears. */
export function ActionOutcome({ action, className }: { action: Action; className?: string }) {
  const { outcome } = action;
  const element = useOutcomeFocus(action);
  return (
    <p
      ref={element}
      tabIndex={-1}
      role="status"
      className={className}
      data-failed={outcome?.failed || undefined}
    >
      {outcome && (outcome.failed ? `That did not work: ${outcome.text}` : outcome.text)}
    </p>
  );
}
