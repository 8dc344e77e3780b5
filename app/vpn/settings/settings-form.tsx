'use client';

import { type FormEvent, useRef, useState } from 'react';
import type { SettingResponse } from '@/lib/api/settings';
import { CHANNEL_NAMES } from '@/lib/domain/channel-name';
import type { SettingGroup } from '@/lib/domain/setting';
import { t } from '@/lib/i18n/t';
import { Panel } from '../../_ui/panel';
import { send } from '../../_ui/send';
import { ActionOutcome } from '../alerts/action-outcome';
import { testWords } from '../alerts/outcome-words';
import { useAction } from '../alerts/use-action';
import { SettingField } from './setting-field';
import styles from './settings.module.css';

/** The settings of one subject. Only what was changed is sent; an empty secret stays as it is. */
export function SettingsForm({
  group,
  settings,
  onSaved,
}: {
  group: SettingGroup;
  settings: SettingResponse[];
  onSaved: () => void;
}) {
  const action = useAction();
  const [test, setTest] = useState<string | null>(null);
  const channel = CHANNEL_NAMES.find((name) => name === group);
  const isOpen = channel === undefined || settings.some(({ source }) => source !== 'default');
  const form = useRef<HTMLFormElement>(null);
  const save = (values: Record<string, string | null>) =>
    action.run(async () => {
      setTest(null);
      await send('POST', '/settings', { values });
      for (const field of form.current?.querySelectorAll('input') ?? []) {
        if (field.type === 'password') field.value = '';
      }
      onSaved();
    }, t('settings.saved'));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = changesIn(new FormData(event.currentTarget), settings);
    if (Object.keys(values).length > 0) void save(values);
  };
  const sendTest = () =>
    action.run(async () => {
      setTest(null);
      setTest(
        testWords(await send('POST', '/settings/test', { channel })) || t('settings.notSetUp'),
      );
    });
  const fields = (
    <form ref={form} onSubmit={submit} className={styles.form} data-printed>
      {settings.map((setting) => (
        <SettingField key={`${setting.name}${setting.value}`} setting={setting} onRemove={save} />
      ))}
      <div className={styles.buttons} data-needs-js>
        <button type="submit" className="control" aria-disabled={action.busy}>
          {t('settings.save')}
        </button>
        {channel !== undefined && (
          <button type="button" className="control" onClick={sendTest}>
            {t('settings.test')}
          </button>
        )}
      </div>
      <ActionOutcome action={action} className={styles.outcome} />
      {test !== null && <p role="status">{test}</p>}
    </form>
  );
  return (
    <Panel title={t(`settings.group_${group}`)} id={group}>
      {isOpen ? (
        fields
      ) : (
        <details>
          <summary>{t('settings.setUp')}</summary>
          {fields}
        </details>
      )}
    </Panel>
  );
}

function changesIn(form: FormData, settings: SettingResponse[]): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  for (const { name, value, secret, source } of settings) {
    const entry = form.get(name);
    if (source === 'environment' || typeof entry !== 'string') continue;
    const text = entry.trim();
    const isChanged = secret ? text !== '' : text !== (value ?? '');
    if (isChanged) values[name] = text === '' ? null : text;
  }
  return values;
}
