'use client';

import { useRouter } from 'next/navigation';
import type { SettingsResponse } from '@/lib/api/settings';
import { SETTING_GROUPS, type SettingGroup } from '@/lib/domain/setting';
import { t } from '@/lib/i18n/t';
import accesses from '../accesses/accesses.module.css';
import frame from '../dashboard.module.css';
import styles from './settings.module.css';
import { SettingsForm } from './settings-form';
import { TakeAlong } from './take-along';

const GROUPS = Object.keys(SETTING_GROUPS).filter(
  (name): name is SettingGroup => name in SETTING_GROUPS,
);

/** The settings by subject, each subject with a form of its own. */
export function SettingsScreen({ given: { settings } }: { given: SettingsResponse }) {
  const router = useRouter();
  const pending = settings.filter((setting) => setting.pending).length;
  const onSaved = () => router.refresh();
  return (
    <main id="main" className={frame.page}>
      <h1 className={accesses.title}>{t('settings.title')}</h1>
      <p className={styles.note}>{t('settings.intro')}</p>
      <p className={styles.pending} role="status">
        {pending > 0 && t('settings.pending', { count: pending })}
      </p>
      <div className={styles.forms}>
        {GROUPS.map((group) => {
          const names: readonly string[] = SETTING_GROUPS[group];
          const own = settings.filter(({ name }) => names.includes(name));
          return <SettingsForm key={group} group={group} settings={own} onSaved={onSaved} />;
        })}
        <TakeAlong settings={settings} onSaved={onSaved} />
      </div>
    </main>
  );
}
