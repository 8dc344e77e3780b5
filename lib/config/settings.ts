import { InvalidInput, isAppError } from '../domain/errors';
import {
  isSecretSetting,
  SETTING_NAMES,
  type SettingName,
  type SettingsService,
  type ShownSetting,
} from '../domain/setting';
import { t } from '../i18n/t';
import { checkSettings, type Env } from './config';
import {
  isInEnvironment,
  type SavedSettings,
  savedSettings,
  storeSettings,
} from './saved-settings';

const isName = (name: string): name is SettingName => SETTING_NAMES.some((known) => known === name);

/**
 * The settings as the page shows and changes them. They are checked as those of the environment are, which wins, and
 * count from the next start on.
 */
export class Settings implements Omit<SettingsService, 'test'> {
  private readonly atStart: SavedSettings;

  constructor(private readonly env: Env = process.env) {
    this.atStart = savedSettings(env);
  }

  shown(): ShownSetting[] {
    const saved = savedSettings(this.env);
    return SETTING_NAMES.map((name) => {
      const isFixed = isInEnvironment(this.env, name);
      const value = isFixed ? this.env[name] : saved[name];
      const isSecret = isSecretSetting(name);
      return {
        ...{ name, isSecret },
        source: isFixed ? 'environment' : saved[name] === undefined ? 'default' : 'page',
        value: isSecret ? null : (value ?? null),
        isPending: !isFixed && saved[name] !== this.atStart[name],
      };
    });
  }

  save(changes: Readonly<Record<string, string | null>>): void {
    const settings = savedSettings(this.env);
    const refuse = (parameter: string, message: string) => new InvalidInput({ parameter, message });
    for (const [name, value] of Object.entries(changes)) {
      if (!isName(name)) throw refuse(name, t('settingFaults.notHere'));
      if (isInEnvironment(this.env, name)) throw refuse(name, t('settingFaults.environment'));
      if (value === null || value.trim() === '') delete settings[name];
      else settings[name] = value.trim();
    }
    this.check(settings);
    storeSettings(this.env, settings);
  }

  private check(settings: SavedSettings): void {
    try {
      checkSettings(this.env, settings);
    } catch (error) {
      if (!isAppError(error) || error.code !== 'config') throw error;
      const faults = error.message.split('\n').map((line) => {
        const [, parameter = 'settings', message = line] = /^(\w+): (.*)$/s.exec(line) ?? [];
        return { parameter, message };
      });
      throw new InvalidInput(...faults);
    }
  }
}
