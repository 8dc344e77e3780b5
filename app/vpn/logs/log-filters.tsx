'use client';

import { formatClock } from '@/lib/domain/format';
import { LOG_LEVELS } from '@/lib/domain/log-level';
import { useZone } from '../../_ui/zone';
import { HOURS, type LogView, logHref } from './log-view';
import styles from './logs.module.css';

const HOUR_WORDS: Record<(typeof HOURS)[number], string> = {
  1: 'Last hour',
  24: 'Last 24 hours',
  168: 'Last 7 days',
  720: 'Last 30 days',
};
const LEVEL_WORDS = {
  DEBUG: 'Everything',
  INFO: 'Info and above',
  WARNING: 'Warnings and errors',
  ERROR: 'Errors',
} as const;

/** The search as a form, so that it works without JavaScript and is kept in the address. */
export function LogFilters({ view }: { view: LogView }) {
  const narrow = [
    ['logger', view.logger],
    ['user', view.user],
    ['request_id', view.requestId],
  ] as const;
  const { from, to } = view;
  const zone = useZone();
  return (
    <search>
      <form action="/vpn/logs" className={styles.filters}>
        <label>
          <span className="hidden">Level</span>
          <select name="level" className="control" defaultValue={view.level}>
            {LOG_LEVELS.map((level) => (
              <option key={level} value={level}>
                {LEVEL_WORDS[level]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hidden">Time</span>
          <select name="hours" className="control" defaultValue={String(view.hours)}>
            {HOURS.map((hours) => (
              <option key={hours} value={hours}>
                {HOUR_WORDS[hours]}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.text}>
          <span className="hidden">Text</span>
          <input
            type="search"
            name="text"
            className="control"
            placeholder="Words in the line…"
            maxLength={300}
            defaultValue={view.text}
          />
        </label>
        {narrow.map(
          ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
        )}
        <button type="submit" className="control">
          Search
        </button>
      </form>
      <ul className={styles.narrow} aria-label="Narrowed to">
        {(from || to) && (
          <li>
            <span>
              {from ? `From ${formatClock(Date.parse(from), zone)}` : ''}{' '}
              {to ? `to ${formatClock(Date.parse(to), zone)}` : ''}
            </span>
            <a href={logHref({ ...view, from: null, to: null })}>Any time</a>
          </li>
        )}
        {narrow.map(([name, value]) =>
          value ? (
            <li key={name}>
              <span>
                {name.replace('_id', '')} <bdi>{value}</bdi>
              </span>
              <a href={logHref({ ...view, [name === 'request_id' ? 'requestId' : name]: '' })}>
                Any {name.replace('_id', '')}
              </a>
            </li>
          ) : null,
        )}
      </ul>
    </search>
  );
}
