'use client';

import { t } from '@/lib/i18n/t';
import { useZone } from '../_ui/zone';
import { CustomRange } from './custom-range';
import styles from './range-picker.module.css';
import { filterParameters, PRESETS, parseView, presetLabel, rangeWords } from './view';
import { useView, ViewLink } from './view-context';

/**
 * The presets, and a form for any other range; both work without JavaScript. Times are of the page's zone.
 */
export function RangePicker() {
  const { view, go, rangeIssue } = useView();
  const zone = useZone();
  return (
    <nav className={styles.ranges} aria-label={t('view.range')}>
      {PRESETS.map((preset) => (
        <ViewLink key={preset} to={{ ...view, range: preset }} current={view.range === preset}>
          {presetLabel(preset)}
        </ViewLink>
      ))}
      <CustomRange
        range={typeof view.range === 'string' ? null : view.range}
        hidden={filterParameters(view)}
        onRange={go && ((parameters) => go(parseView(parameters, zone)))}
      />
      {rangeIssue && (
        <p className={styles.issue} role="alert">
          {t('view.showing', { issue: rangeIssue, range: rangeWords(view.range).name })}
        </p>
      )}
    </nav>
  );
}
