'use client';

import type { TrafficResponse } from '@/lib/api/traffic-schemas';
import { formatBytes } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { Name } from '../../_ui/name';
import { DeviceLink } from '../device-link';
import styles from './traffic.module.css';

const FEW = 12;

/** The devices with which most travelled, the largest first. */
export function TopTalkers({ by }: { by: TrafficResponse['by'] }) {
  const most = Math.max(1, ...by.map(({ rx_bytes, tx_bytes }) => rx_bytes + tx_bytes));
  const few = by.slice(0, FEW);
  const more = by.slice(FEW);
  return (
    <>
      <Rows parts={few} most={most} />
      {more.length > 0 && (
        <details className={styles.more} data-printed>
          <summary>{t('ui.showAll', { count: by.length })}</summary>
          <Rows parts={more} most={most} />
        </details>
      )}
    </>
  );
}

function Rows({ parts, most }: { parts: TrafficResponse['by']; most: number }) {
  return (
    <div className={styles.container}>
      <table className={styles.talkers}>
        <thead>
          <tr>
            <th scope="col">{t('traffic.device')}</th>
            <th scope="col">{t('traffic.received')}</th>
            <th scope="col">{t('traffic.sent')}</th>
            <th scope="col">{t('traffic.total')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, name, rx_bytes, tx_bytes }) => (
            <tr key={key}>
              <th scope="row">
                <DeviceLink id={key}>
                  <Name text={name} />
                </DeviceLink>
                <i className={styles.bar} aria-hidden="true">
                  <b style={{ width: `${((rx_bytes + tx_bytes) / most) * 100}%` }} />
                </i>
              </th>
              <td>{formatBytes(rx_bytes)}</td>
              <td>{formatBytes(tx_bytes)}</td>
              <td>{formatBytes(rx_bytes + tx_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
