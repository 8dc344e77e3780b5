'use client';

import {
  type FormEvent,
  type RefObject,
  type SyntheticEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { formatBucket, formatClock } from '@/lib/domain/format';
import type { TimeZone } from '@/lib/domain/time-zone';
import { t } from '@/lib/i18n/t';
import { HOUR, MINUTE } from '@/lib/util/time';
import { useClock } from '../_ui/clock';
import { useZone } from '../_ui/zone';
import { HiddenParameters } from './hidden-parameters';
import styles from './range-picker.module.css';
import { rangeIssue } from './view';

type Range = { from: number; to: number };

/**
 * A form for any range, which works without JavaScript too. A range that cannot be used stays in the form, with the
 * reason.
 */
export function CustomRange({
  range,
  hidden,
  onRange,
}: {
  /** The one that is shown, `null` when that is a preset. Epoch milliseconds. */
  range: Range | null;
  /** The parameters of the address that stay. */
  hidden: readonly (readonly [string, string])[];
  /** Called with the form's parameters, of a range that can be used; `null`: the form is sent. */
  onRange: ((parameters: URLSearchParams) => void) | null;
}) {
  const zone = useZone();
  const details = useRef<HTMLDetailsElement>(null);
  const [issue, setIssue] = useState<string | null>(null);
  const issueId = useId();
  const hour = useClock((now) => Math.ceil(now / HOUR) * HOUR);
  const { from, to } = range ?? { from: hour - 24 * HOUR, to: hour };
  const close = () => {
    if (details.current) details.current.open = false;
  };
  const closeFocused = () => {
    close();
    details.current?.querySelector('summary')?.focus();
  };
  const onToggle = useOutsidePress(details, close);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const entries = [...new FormData(event.currentTarget)].map(([name, value]) => [
      name,
      String(value),
    ]);
    const parameters = new URLSearchParams(entries);
    const reason = rangeIssue(parameters, zone);
    setIssue(reason);
    if (reason !== null || onRange) event.preventDefault();
    if (reason !== null || !onRange) return;
    onRange(parameters);
    closeFocused();
  };
  return (
    <details
      ref={details}
      onToggle={onToggle}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && details.current?.open) closeFocused();
      }}
    >
      <summary data-current={range !== null}>
        {range ? rangeText(range, hour, zone) : t('view.custom')}
      </summary>
      <form method="get" onSubmit={submit} className={styles.form} aria-describedby={issueId}>
        <Instant label={t('view.from')} name="from" time={from} />
        <Instant label={t('view.to')} name="to" time={to} />
        <HiddenParameters of={hidden} />
        <p id={issueId} className={styles.issue} role="alert">
          {issue}
        </p>
        <button type="submit" className="control">
          {t('view.showRange')}
        </button>
      </form>
    </details>
  );
}

/** Closes an open disclosure when something outside of it is pressed. Returns its `onToggle`. */
function useOutsidePress(details: RefObject<HTMLDetailsElement | null>, close: () => void) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!open) return;
    const onPress = ({ target }: PointerEvent) => {
      if (target instanceof Node && !details.current?.contains(target)) close();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  });
  return (event: SyntheticEvent<HTMLDetailsElement>) => setOpen(event.currentTarget.open);
}

function rangeText({ from, to }: Range, now: number, zone: TimeZone): string {
  const isOneDay = zone.dayOf(from) === zone.dayOf(to);
  const end = formatBucket(to, MINUTE, !isOneDay, now, zone);
  return `${formatBucket(from, MINUTE, true, now, zone)} – ${end}`;
}

function Instant({ label, name, time }: { label: string; name: string; time: number }) {
  const shown = formatClock(time, useZone()).slice(0, -':00'.length).replace(' ', 'T');
  return (
    <label>
      {label}
      <input
        key={time}
        className="control"
        type="datetime-local"
        name={name}
        required
        defaultValue={shown}
      />
    </label>
  );
}
