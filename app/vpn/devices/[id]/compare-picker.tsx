'use client';

import type { MonitoredDeviceResponse } from '@/lib/api/health-schemas';
import { formatCount } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Name } from '../../../_ui/name';
import { ShallowLink } from '../../../_ui/shallow-link';
import styles from './compare-picker.module.css';
import { type DeviceView, nameInUrl, toggleCompared } from './device-view';

const FEW = 8;

/** Links that add other critical devices to the chart, or remove them. */
export function ComparePicker({
  id,
  view,
  candidates,
  hrefOf,
}: {
  id: string;
  view: DeviceView;
  candidates: readonly MonitoredDeviceResponse[];
  hrefOf: (view: DeviceView) => string;
}) {
  const others = candidates
    .filter((node) => node.id !== id)
    .map((node) => ({ node, name: nameInUrl(node, candidates) }))
    .sort((a, b) => a.node.hostname.localeCompare(b.node.hostname));
  if (others.length === 0) return null;
  const chosen = ({ name }: { name: string }) => view.compare.includes(name);
  const first = others.filter((other, index) => index < FEW || chosen(other));
  const rest = others.filter((other) => !first.includes(other));
  const link = (other: (typeof others)[number]) => (
    <li key={other.node.id}>
      <ShallowLink
        href={hrefOf(toggleCompared(view, other.name))}
        current={chosen(other)}
        className={styles.node}
      >
        <span aria-hidden="true">{chosen(other) ? '×' : '+'}</span>
        <span className="hidden">
          {t(chosen(other) ? 'device.stopComparing' : 'device.compareWith', {
            name: other.node.hostname,
          })}
        </span>
        <span aria-hidden="true">
          <Name text={other.node.hostname} />
        </span>
      </ShallowLink>
    </li>
  );
  return (
    <div className={styles.compare}>
      <span className={styles.label}>{t('device.compare')}</span>
      <ul>{first.map(link)}</ul>
      {rest.length > 0 && (
        <details>
          <summary>{t('device.more', { count: formatCount(rest.length) })}</summary>
          <ul>{rest.map(link)}</ul>
        </details>
      )}
    </div>
  );
}
