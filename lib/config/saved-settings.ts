import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { AppError } from '../domain/errors';
import { SETTING_NAMES, type SettingName } from '../domain/setting';
import { t } from '../i18n/t';

type Env = Record<string, string | undefined>;
export type SavedSettings = Partial<Record<SettingName, string>>;

const schema = z.partialRecord(z.enum(SETTING_NAMES), z.string());

/** Returns where the settings of the page are stored. */
const fileIn = ({ DATA_DIR }: Env) =>
  path.join(path.resolve(/* turbopackIgnore: true */ DATA_DIR || 'data'), 'settings.json');

/** Returns what was set on the page. Throws an `AppError` that names the file when it cannot be read. */
export function savedSettings(env: Env): SavedSettings {
  const file = fileIn(env);
  if (!existsSync(/* turbopackIgnore: true */ file)) return {};
  try {
    return schema.parse(JSON.parse(readFileSync(/* turbopackIgnore: true */ file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? t('settingFaults.otherVersion') : String(error);
    throw new AppError('config', t('settingFaults.file', { file, why }));
  }
}

/** Stores settings for the next start, readable for this user only: a crash leaves the old or the new ones. */
export function storeSettings(env: Env, settings: SavedSettings): void {
  const file = fileIn(env);
  mkdirSync(path.dirname(file), { recursive: true });
  const made = `${file}.${process.pid}`;
  writeFileSync(made, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(made, file);
}

/** Returns whether the environment sets a setting, itself or by a file. */
export const isInEnvironment = (env: Env, name: string): boolean =>
  Boolean(env[name] || env[`${name}_FILE`]);

/** Returns the environment with the saved settings that it does not set itself. */
export function withSaved(env: Env, settings: SavedSettings): Env {
  const missing = Object.entries(settings).filter(([name]) => !isInEnvironment(env, name));
  return { ...env, ...Object.fromEntries(missing) };
}
