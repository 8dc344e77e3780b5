'use client';

import { useId } from 'react';
import type { SettingResponse } from '@/lib/api/settings';
import { EXAMPLES } from '@/lib/domain/setting-examples';
import { t } from '@/lib/i18n/t';
import styles from './settings.module.css';

/** One setting: what it is, its value, and where that is from. A secret is never shown, only replaced or removed. */
export function SettingField({
  setting: { name, value, secret, source, pending },
  onRemove,
}: {
  setting: SettingResponse;
  onRemove: (values: Record<string, string | null>) => void;
}) {
  const id = useId();
  const isFixed = source === 'environment';
  const hints = [
    isFixed && t('settings.fromEnvironment'),
    secret && source === 'page' && t('settings.secretKept'),
    pending && t('settings.nextStart'),
  ].filter((hint) => hint !== false);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {t(`settings.${name}`)}
        <code className={styles.name}>{name}</code>
      </label>
      <input
        id={id}
        className="control"
        name={name}
        type={secret ? 'password' : 'text'}
        autoComplete="off"
        spellCheck={false}
        maxLength={4_000}
        disabled={isFixed}
        defaultValue={value ?? ''}
        placeholder={secret && source !== 'default' ? '••••••••' : EXAMPLES[name]}
        translate="no"
        aria-describedby={hints.length > 0 ? `${id}-hint` : undefined}
      />
      {secret && source === 'page' && (
        <button
          type="button"
          className="control"
          data-needs-js
          onClick={() => onRemove({ [name]: null })}
        >
          {t('settings.remove')}
          <span className="hidden"> {name}</span>
        </button>
      )}
      {hints.length > 0 && (
        <span id={`${id}-hint`} className={styles.hint}>
          {hints.join(' ')}
        </span>
      )}
    </div>
  );
}
