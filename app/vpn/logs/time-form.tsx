'use client';

import { type FormEvent, useRef } from 'react';
import { formatClock } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useZone } from '../../_ui/zone';
import { HiddenParameters } from '../hidden-parameters';
import { given } from './log-filters';
import { type LogView, logParameters } from './log-view';
import styles from './logs.module.css';

/** Two times on the page's clocks: what dragging over the chart does, by keyboard and without JavaScript. */
export function TimeForm({ view, from, to }: { view: LogView; from: string; to: string }) {
  const end = useRef<HTMLInputElement>(null);
  const {
    hours: _,
    from: __,
    to: ___,
    ...others
  } = {
    ...{ hours: 0, from: '', to: '' },
    ...logParameters(view),
  };
  const check = (event: FormEvent<HTMLFormElement>) => {
    const data = new FormData(event.currentTarget);
    const isReversed = String(data.get('from')) >= String(data.get('to'));
    end.current?.setCustomValidity(isReversed ? t('logs.endFirst') : '');
    if (isReversed) {
      event.preventDefault();
      end.current?.reportValidity();
    }
  };
  return (
    <form action="/vpn/logs" className={styles.times} onSubmit={check}>
      <HiddenParameters of={given(others)} />
      <Instant label={t('logs.from')} name="from" iso={from} />
      <Instant
        label={t('logs.to')}
        name="to"
        iso={to}
        input={end}
        onChange={() => end.current?.setCustomValidity('')}
      />
      <button type="submit" className="control">
        {t('logs.showTime')}
      </button>
    </form>
  );
}

function Instant({
  label,
  name,
  iso,
  input,
  onChange,
}: {
  label: string;
  name: string;
  iso: string;
  input?: React.RefObject<HTMLInputElement | null>;
  onChange?: () => void;
}) {
  const clock = formatClock(Date.parse(iso), useZone());
  return (
    <label>
      {label}
      <input
        ref={input}
        className="control"
        type="datetime-local"
        name={name}
        step={1}
        required
        defaultValue={clock.replace(' ', 'T')}
        onChange={onChange}
      />
    </label>
  );
}
