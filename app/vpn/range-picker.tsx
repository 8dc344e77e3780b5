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
import { filterParameters, PRESETS, parseView, presetLabel, rangeIssue, rangeWords } from './view';
import { useView, ViewLink } from './view-context';

/**
 * The presets, and a form for any other range; both work without JavaScript. Times are of the page's zone.
 */
export function RangePicker() {
  const { view, rangeIssue: addressIssue } = useView();
  const zone = useZone();
  const details = useRef<HTMLDetailsElement>(null);
  const custom = typeof view.range !== 'string';
  const hour = useClock((now) => Math.ceil(now / HOUR) * HOUR);
  const range = typeof view.range === 'string' ? { from: hour - 24 * HOUR, to: hour } : view.range;
  const close = () => {
    if (details.current) details.current.open = false;
  };
  const onToggle = useOutsidePress(details, close);
  return (
    <nav className={styles.ranges} aria-label={t('view.range')}>
      {PRESETS.map((preset) => (
        <ViewLink key={preset} to={{ ...view, range: preset }} current={view.range === preset}>
          {presetLabel(preset)}
        </ViewLink>
      ))}
      <details
        ref={details}
        onToggle={onToggle}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !details.current?.open) return;
          close();
          details.current.querySelector('summary')?.focus();
        }}
      >
        <summary data-current={custom}>
          {custom ? customLabel(range, hour, zone) : t('view.custom')}
        </summary>
        <CustomRange range={range} onDone={close} />
      </details>
      {addressIssue && (
        <p className={styles.issue} role="alert">
          {t('view.showing', { issue: addressIssue, range: rangeWords(view.range).name })}
        </p>
      )}
    </nav>
  );
}

/** Two instants. A range that cannot be used stays in the form, with the reason. */
function CustomRange({
  range,
  onDone,
}: {
  range: { from: number; to: number };
  onDone: () => void;
}) {
  const { view, go } = useView();
  const zone = useZone();
  const [issue, setIssue] = useState<string | null>(null);
  const issueId = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    const entries = [...new FormData(event.currentTarget)].map(([key, value]) => [
      key,
      String(value),
    ]);
    const params = new URLSearchParams(entries);
    const reason = rangeIssue(params, zone);
    setIssue(reason);
    if (reason !== null || go) event.preventDefault();
    if (reason !== null || !go) return;
    go(parseView(params, zone));
    onDone();
  };
  return (
    <form method="get" onSubmit={submit} className={styles.form} aria-describedby={issueId}>
      <Instant label={t('view.from')} parameter="from" time={range.from} />
      <Instant label={t('view.to')} parameter="to" time={range.to} />
      <HiddenParameters of={filterParameters(view)} />
      <p id={issueId} className={styles.issue} role="alert">
        {issue}
      </p>
      <button type="submit" className="control">
        {t('view.showRange')}
      </button>
    </form>
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

function customLabel(
  { from, to }: { from: number; to: number },
  now: number,
  zone: TimeZone,
): string {
  const isOneDay = zone.dayOf(from) === zone.dayOf(to);
  const end = formatBucket(to, MINUTE, !isOneDay, now, zone);
  return `${formatBucket(from, MINUTE, true, now, zone)} – ${end}`;
}

function inputValue(time: number, zone: TimeZone): string {
  return formatClock(time, zone).slice(0, 16).replace(' ', 'T');
}

function Instant({ label, parameter, time }: { label: string; parameter: string; time: number }) {
  return (
    <label>
      {label}
      <input
        key={time}
        className="control"
        type="datetime-local"
        name={parameter}
        required
        defaultValue={inputValue(time, useZone())}
      />
    </label>
  );
}
