'use client';

import { formatClock } from '@/lib/domain/format';
import { LOG_LEVELS, type LogLevel } from '@/lib/domain/log-level';
import type { TimeZone } from '@/lib/domain/time-zone';
import type { MessageKey } from '@/lib/i18n/messages';
import { t } from '@/lib/i18n/t';
import { rich } from '../../_ui/rich';
import { useZone } from '../../_ui/zone';
import { HiddenParameters } from '../hidden-parameters';
import { HOURS, type LogView, logHref, logParameters } from './log-view';
import styles from './logs.module.css';

const HOUR_TEXTS: Record<(typeof HOURS)[number], MessageKey> = {
  1: 'logs.lastHour',
  24: 'logs.last24Hours',
  168: 'logs.last7Days',
  720: 'logs.last30Days',
};
const LEVEL_TEXTS: Record<LogLevel, MessageKey> = {
  DEBUG: 'logs.everything',
  INFO: 'logs.infoUp',
  WARNING: 'logs.warningUp',
  ERROR: 'logs.errors',
};
/** What a search can be limited to from a line: how it is said, and how it is undone. */
const NARROWED = [
  ['logger', 'logs.isLogger', 'logs.anyLogger'],
  ['user', 'logs.isUser', 'logs.anyUser'],
  ['requestId', 'logs.isRequest', 'logs.anyRequest'],
  ['pattern', 'logs.isPattern', 'logs.anyPattern'],
] as const;

/** The search as a form, so that it works without JavaScript and is kept in the address. */
export function LogFilters({ view }: { view: LogView }) {
  const { from, to } = view;
  const zone = useZone();
  const hasTime = from !== null || to !== null;
  const { level: _, hours: __, text: ___, ...kept } = { hours: 0, ...logParameters(view) };
  return (
    <search>
      <form action="/vpn/logs" className={styles.filters}>
        <label>
          <span className="hidden">{t('logs.level')}</span>
          <select name="level" className="control" defaultValue={view.level}>
            {LOG_LEVELS.map((level) => (
              <option key={level} value={level}>
                {t(LEVEL_TEXTS[level])}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="hidden">{t('logs.time')}</span>
          <select name="hours" className="control" defaultValue={hasTime ? '' : String(view.hours)}>
            {hasTime && <option value="">{t('logs.chosenTime')}</option>}
            {HOURS.map((hours) => (
              <option key={hours} value={hours}>
                {t(HOUR_TEXTS[hours])}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.text}>
          <span className="hidden">{t('logs.text')}</span>
          <input
            type="search"
            name="text"
            className="control"
            placeholder={t('logs.words')}
            maxLength={300}
            defaultValue={view.text}
          />
        </label>
        <HiddenParameters of={given(kept)} />
        <button type="submit" className="control">
          {t('logs.search')}
        </button>
      </form>
      <ul className={styles.narrow} aria-label={t('logs.narrowed')}>
        {hasTime && (
          <li>
            <span>{timeWords(view, zone)}</span>
            <a href={logHref({ ...view, from: null, to: null })}>{t('logs.anyTime')}</a>
          </li>
        )}
        {NARROWED.map(([name, is, any]) =>
          view[name] ? (
            <li key={name}>
              <span>{rich(is, { name: view[name] })}</span>
              <a href={logHref({ ...view, [name]: '' })}>{t(any)}</a>
            </li>
          ) : null,
        )}
      </ul>
    </search>
  );
}

/** Returns the parameters that have a value, for a form to send along. */
export function given(parameters: Record<string, string | number | undefined>): [string, string][] {
  return Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
}

function timeWords({ from, to }: LogView, zone: TimeZone): string {
  const clock = (iso: string) => formatClock(Date.parse(iso), zone);
  if (from && to) return t('logs.fromTo', { from: clock(from), to: clock(to) });
  return from ? t('logs.since', { from: clock(from) }) : t('logs.until', { to: clock(to ?? '') });
}
