'use client';

import type { ChangeEvent } from 'react';
import type { SettingResponse } from '@/lib/api/settings';
import { t } from '@/lib/i18n/t';
import { Panel } from '../../_ui/panel';
import { send } from '../../_ui/send';
import { ActionOutcome } from '../alerts/action-outcome';
import { useAction } from '../alerts/use-action';
import styles from './settings.module.css';

/** Saves what was set here as a file, and takes it from one; secrets are in none. */
export function TakeAlong({
  settings,
  onSaved,
}: {
  settings: SettingResponse[];
  onSaved: () => void;
}) {
  const action = useAction();
  const load = (event: ChangeEvent<HTMLInputElement>) => {
    const field = event.currentTarget;
    const file = field.files?.[0];
    if (!file) return;
    void action.run(async () => {
      const values = valuesIn(await file.text());
      field.value = '';
      await send('POST', '/settings', { values });
      onSaved();
    }, t('settings.imported'));
  };
  return (
    <Panel title={t('settings.file')} id="file">
      <p className={styles.note}>{t('settings.fileNote')}</p>
      <div className={styles.buttons} data-needs-js>
        <button type="button" className="control" onClick={() => download(settings)}>
          {t('settings.export')}
        </button>
        <label className={`control ${styles.import}`}>
          {t('settings.import')}
          <input type="file" accept="application/json,.json" onChange={load} />
        </label>
      </div>
      <ActionOutcome action={action} className={styles.outcome} />
    </Panel>
  );
}

function download(settings: SettingResponse[]): void {
  const set = settings.filter(({ source }) => source === 'page');
  const shown = set.filter(({ secret }) => !secret);
  const content = {
    settings: Object.fromEntries(shown.map(({ name, value }) => [name, value])),
    secrets_left_out: set.filter(({ secret }) => secret).map(({ name }) => name),
  };
  const url = URL.createObjectURL(
    new Blob([`${JSON.stringify(content, null, 2)}\n`], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = 'tailnet-observatory-settings.json';
  link.click();
  URL.revokeObjectURL(url);
}

/** Returns the settings in a file. Throws an `Error` that says what is wrong. */
function valuesIn(text: string): Record<string, string> {
  try {
    const { settings } = JSON.parse(text);
    const entries = Object.entries(settings);
    if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
      return Object.fromEntries(entries);
    }
  } catch {
    // Said below.
  }
  throw new Error(t('settings.notAFile'));
}
