import { type Alert, endedUnrecovered } from '../domain/alert';
import { alertTitle } from '../domain/alert-texts';
import { t } from '../i18n/t';

/** Returns the title of a message about a resolved alert: the current state, not what was wrong. */
export function recoveredTitle(alert: Alert): string {
  const { rule, hostname, topic } = alert;
  const title = alertTitle(alert);
  if (endedUnrecovered(alert)) return t('messageTexts.ended', { title });
  const device = hostname ?? t('messageTexts.theDevice');
  switch (rule) {
    case 'offline':
      return t('messageTexts.backOnline', { device });
    case 'unstable':
      return t('messageTexts.stable', { device });
    case 'latency':
    case 'latency_unusual':
      return t('messageTexts.latencyNormal', { device });
    case 'relayed':
      return t('messageTexts.directAgain', { device });
    case 'packet_loss':
      return t('messageTexts.noLoss', { device });
    case 'key_expiring':
      return t('messageTexts.keyRenewed', { device });
    case 'exit_node_lost':
      return t('messageTexts.exitNodeBack', { device });
    case 'route_lost':
      return t('messageTexts.routedAgain', { subnet: topic.slice('route_'.length) });
    case 'own_device':
      return t('messageTexts.ownBack');
    case 'tailscaled_unreachable':
      return t('messageTexts.tailscaledBack');
    case 'quota_near':
      return t('messageTexts.quotaFine');
    case 'traffic_budget':
      return hostname === null
        ? t('messageTexts.budgetFineAll')
        : t('messageTexts.budgetFine', { device: hostname });
    default:
      return t('messageTexts.recovered', { title });
  }
}
