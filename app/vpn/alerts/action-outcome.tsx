'use client';

import { t } from '@/lib/i18n/t';
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
      {outcome && (outcome.failed ? t('alerts.failed', { reason: outcome.text }) : outcome.text)}
    </p>
  );
}
