import type { Metadata } from 'next';
import { ALERT_RULES } from '@/lib/domain/alert';
import { t } from '@/lib/i18n/t';
import { requireRole } from '@/lib/identity/current';
import { Panel } from '../../../_ui/panel';
import { type PageProps, toSearchParams } from '../../../_ui/search-params';
import frame from '../../dashboard.module.css';
import { asSeenBy, collectorOf } from '../../view';
import { RELAY_RULES } from '../rule-links';
import styles from './rules.module.css';

export const generateMetadata = (): Metadata => ({ title: t('rules.title') });

/** What raises and ends each alert, and the rules about relays: what alerts and causes link to. */
export default async function RulesRoute({ searchParams }: PageProps) {
  requireRole('viewer');
  const collector = collectorOf(toSearchParams(await searchParams));
  return (
    <main id="main" className={frame.page}>
      <div className={frame.top}>
        <p>
          <a href={asSeenBy('/vpn/health', collector)}>{t('rules.back')}</a>
        </p>
        <h1>{t('rules.title')}</h1>
        <p className={styles.intro}>{t('rules.intro')}</p>
      </div>
      <div className={frame.sections}>
        <Panel title={t('rules.alerts')}>
          <dl className={styles.rules}>
            {ALERT_RULES.map((rule) => (
              <div key={rule} id={rule}>
                <dt>{t(`rules.name_${rule}`)}</dt>
                <dd>
                  <b>{t('rules.raised')}</b> {t(`rules.raised_${rule}`)}
                </dd>
                <dd>
                  <b>{t('rules.ended')}</b> {t(`rules.ended_${rule}`)}
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Panel title={t('rules.relays')}>
          <dl className={styles.rules}>
            {Object.entries(RELAY_RULES).map(([anchor, name]) => (
              <div key={anchor} id={anchor}>
                <dt>{t(`rules.cause_${name}`)}</dt>
                <dd>
                  <b>{t('rules.rule')}</b> {t(`rules.rule_${name}`)}
                </dd>
                <dd>
                  <b>{t('rules.why')}</b> {t(`rules.why_${name}`)}
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
    </main>
  );
}
