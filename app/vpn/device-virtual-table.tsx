'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useSyncExternalStore } from 'react';
import { t } from '@/lib/i18n/t';
import { DeviceFrame, DeviceRow, type DeviceTableProps } from './device-table';
import styles from './device-virtual-table.module.css';

const PHONE = '(max-width: 640px)';

/** The same table in a scrolling frame, with only the visible rows in the document; for thousands of devices. */
export default function DeviceVirtualTable(props: DeviceTableProps) {
  const { rows, columns, now } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useSyncExternalStore(
    onPhoneChange,
    () => (matchMedia(PHONE).matches ? 3.5 : 2.25) * letterHeight(),
    () => 36,
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const label = t('deviceList.allDevices');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it.
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label={label}>
      <DeviceFrame {...props} count={rows.length + 1} room={{ above, below }}>
        {items.map(({ index, key }) => {
          const device = rows[index];
          return (
            device && (
              <DeviceRow key={key} device={device} columns={columns} now={now} index={index} />
            )
          );
        })}
      </DeviceFrame>
    </section>
  );
}

/** What a `rem` is; pixels. Rows are as high as their text is large. */
const letterHeight = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

function onPhoneChange(changed: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
