'use client';

import { useEffect, useRef, useState } from 'react';
import { send } from '../../_ui/send';

/** What came of an action: what was done, or why it failed. */
type Outcome = { text: string; failed: boolean };

export type Action = {
  busy: boolean;
  error: string | null;
  outcome: Outcome | null;
  /** Runs an action unless one is running; `done` is what to say, and to focus, afterwards. Never throws. */
  run: (action: () => Promise<unknown>, done?: string) => Promise<void>;
};

/** Runs what a button does. Buttons stay enabled meanwhile, since a disabled one loses the focus. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = async (action: () => Promise<unknown>, done?: string) => {
    if (busy) return;
    setBusy(true);
    setOutcome(null);
    try {
      await action();
      if (done !== undefined) setOutcome({ text: done, failed: false });
    } catch (thrown) {
      setOutcome({ text: thrown instanceof Error ? thrown.message : String(thrown), failed: true });
    } finally {
      setBusy(false);
    }
  };
  return { busy, error: outcome?.failed ? outcome.text : null, outcome, run };
}

type Body = Record<string, string | number | null>;

/** Runs calls that change alerts; `onStart` before each, `onChange` after it. */
export function useAlertCalls(onChange: () => void, onStart?: () => void) {
  const action = useAction();
  const act = (done: string, method: 'POST' | 'DELETE', path: string, body?: Body) =>
    action.run(async () => {
      onStart?.();
      await send(method, `/health-monitoring/${path}`, body);
      onChange();
    }, done);
  return { action, act };
}

/**
 * Returns a ref for the element that shows the outcome. It takes the focus, which the pressed button may lose by
 * disappearing.
 */
export function useOutcomeFocus({ outcome }: Action) {
  const element = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (outcome) element.current?.focus();
  }, [outcome]);
  return element;
}
