'use client';

import { t } from '@/lib/i18n/t';
import { ShallowLink } from '../../../_ui/shallow-link';
import { useZone } from '../../../_ui/zone';
import { CustomRange } from '../../custom-range';
import styles from '../../range-picker.module.css';
import {
  type DeviceView,
  deviceHref,
  HOURS,
  otherParameters,
  parseDeviceView,
  rangeLabel,
} from './device-view';

/** The range of everything on a device's page: presets, and any other by a form. `issue`: why the address's is not used. */
export function DeviceRange({
  id,
  view,
  issue,
}: {
  id: string;
  view: DeviceView;
  issue: string | null;
}) {
  const zone = useZone();
  const { range } = view;
  const onRange = (parameters: URLSearchParams) => {
    const chosen = parseDeviceView(parameters, zone).range;
    history.pushState(null, '', deviceHref(id, { ...view, range: chosen }));
  };
  return (
    <nav className={styles.ranges} aria-label={t('device.range')}>
      {HOURS.map((hours) => (
        <ShallowLink
          key={hours}
          href={deviceHref(id, { ...view, range: hours })}
          current={range === hours}
        >
          {rangeLabel(hours)}
        </ShallowLink>
      ))}
      <CustomRange
        range={typeof range === 'number' ? null : range}
        hidden={otherParameters(view)}
        onRange={onRange}
      />
      {issue && (
        <p className={styles.issue} role="alert">
          {t('device.issueShowing', { issue })}
        </p>
      )}
    </nav>
  );
}
