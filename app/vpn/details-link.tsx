import { t } from '@/lib/i18n/t';
import styles from './details-link.module.css';
import { DeviceLink } from './device-link';

/** A small link to a device's own page, beside the name that filters. `id` is its id or machine name. */
export function DetailsLink({ id, name }: { id: string; name: string }) {
  return (
    <DeviceLink id={id} className={styles.details} title={t('usage.details', { name })}>
      <span aria-hidden="true">→</span>
      <span className="hidden">{t('usage.details', { name })}</span>
    </DeviceLink>
  );
}
