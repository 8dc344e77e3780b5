'use client';

import type { MonitoredDeviceResponse } from '@/lib/api/health-schemas';
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
        <span className="hidden">{chosen(other) ? 'Stop comparing with ' : 'Compare with '}</span>
        <Name text={other.node.hostname} />
      </ShallowLink>
    </li>
  );
  return (
    <div className={styles.compare}>
      <span className={styles.label}>Compare with</span>
      <ul>{first.map(link)}</ul>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length} more</summary>
          <ul>{rest.map(link)}</ul>
        </details>
      )}
    </div>
  );
}
