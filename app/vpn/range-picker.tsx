'use client';

import { type FormEvent, useRef } from 'react';
import { formatBucket } from '@/lib/domain/format';
import { useClock } from '../_ui/clock';
import styles from './range-picker.module.css';
import { FILTERS, PRESETS, parseView, presetLabel, type View } from './view';
import { useView, ViewLink } from './view-context';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The presets, and a form for any other range; both work without scripts. Times are UTC, as everywhere on the page. */
export function RangePicker() {
  const { view, go } = useView();
  const details = useRef<HTMLDetailsElement>(null);
  const custom = typeof view.range !== 'string';
  const hour = useClock((now) => Math.ceil(now / HOUR) * HOUR);
  const range = typeof view.range === 'string' ? { from: hour - 24 * HOUR, to: hour } : view.range;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    if (!go) return;
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget)].map(([key, value]) => [
      key,
      String(value),
    ]);
    go(parseView(new URLSearchParams(entries)));
    if (details.current) details.current.open = false;
  };
  return (
    <nav className={styles.ranges} aria-label="Range">
      {PRESETS.map((preset) => (
        <ViewLink key={preset} to={{ ...view, range: preset }} current={view.range === preset}>
          {presetLabel(preset)}
        </ViewLink>
      ))}
      <details
        ref={details}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && details.current) details.current.open = false;
        }}
      >
        <summary data-current={custom}>{custom ? customLabel(range) : 'Custom'}</summary>
        <form method="get" onSubmit={submit} className={styles.form}>
          <Instant label="From (UTC)" name="from" time={range.from} />
          <Instant label="To (UTC)" name="to" time={range.to} />
          <Hidden view={view} />
          <button type="submit" className="control">
            Show this range
          </button>
        </form>
      </details>
    </nav>
  );
}

function Hidden({ view }: { view: View }) {
  return (
    <>
      {FILTERS.map(
        (name) =>
          view.filters[name] && (
            <input key={name} type="hidden" name={name} value={view.filters[name]} />
          ),
      )}
      {view.bots && <input type="hidden" name="bots" value="true" />}
    </>
  );
}

function customLabel({ from, to }: { from: number; to: number }): string {
  return `${formatBucket(from, MINUTE, true)} – ${formatBucket(to, MINUTE, true)}`;
}

function inputValue(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}

function Instant({ label, name, time }: { label: string; name: string; time: number }) {
  return (
    <label>
      {label}
      <input
        key={time}
        className="control"
        type="datetime-local"
        name={name}
        required
        defaultValue={inputValue(time)}
      />
    </label>
  );
}
