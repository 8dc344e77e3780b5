import { t } from '@/lib/i18n/t';
import { Message } from './_ui/message';

/** 404. */
export default function NotFound() {
  return (
    <Message title={t('errors.noSuchPage')}>
      <a href="/vpn">{t('errors.toDashboard')}</a>
    </Message>
  );
}
