import type { DiagnosticsResponse } from '@/lib/api/health-schemas';
import { t } from '@/lib/i18n/t';
import { Name } from '../../_ui/name';
import { DeviceLink } from '../device-link';
import styles from './health.module.css';
import { relayRuleHref } from './rule-links';

type Relayed = DiagnosticsResponse['relayed'][number];

/** Why a device is relayed: the likely causes, each with what to do about it. `named`: with the device's name. */
export function RelayCauses({ relayed, named }: { relayed: Relayed; named: boolean }) {
  return (
    <div className={styles.relayed}>
      {named && (
        <h3>
          <DeviceLink id={relayed.node_id}>
            <Name text={relayed.hostname} />
          </DeviceLink>
        </h3>
      )}
      <ul>
        {relayed.causes.map((cause) => (
          <li key={cause.code}>
            <strong>{cause.title}.</strong> {cause.detail} <em>{cause.next_step}</em>{' '}
            <small>
              <a href={relayRuleHref(cause.source)}>
                {t('alerts.relayRule')}
                <span className="hidden">: {cause.title}</span>
              </a>
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}
