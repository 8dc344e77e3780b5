import { t } from '@/lib/i18n/t';

/** Says how a test of each channel went. */
export function testWords(answer: unknown): string {
  const channels =
    typeof answer === 'object' && answer !== null && 'channels' in answer ? answer.channels : [];
  if (!Array.isArray(channels)) return '';
  return channels
    .map((channel: { name: string; sent: boolean; error: string | null }) =>
      channel.sent
        ? t('alerts.testSent', { name: channel.name })
        : t('alerts.testFailed', { name: channel.name, error: channel.error ?? '' }),
    )
    .join('; ');
}
