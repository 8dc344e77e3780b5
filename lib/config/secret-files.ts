import { readFileSync, statSync } from 'node:fs';
import { t } from '../i18n/t';

/** No secret is longer; a larger file is the wrong one. */
const MAX_BYTES = 64 * 1024;

type Env = Record<string, string | undefined>;

/**
 * Reads secrets kept in files, as container engines provide them: `NAME_FILE` names the file whose content, trimmed, is
 * the value of `NAME`. Returns the environment with those values, and a line for each that could not be read.
 */
export function withSecretFiles(
  env: Env,
  names: readonly string[],
): { env: Env; faults: string[] } {
  const read: Env = { ...env };
  const faults: string[] = [];
  for (const name of names) {
    const variable = `${name}_FILE`;
    const file = env[variable];
    if (!file) continue;
    if (env[name]) faults.push(`${variable}: ${t('settingFaults.fileAndValue', { name })}`);
    else {
      try {
        read[name] = contentOf(file);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const values = { file: JSON.stringify(file), why };
        faults.push(`${variable}: ${t('settingFaults.secretFile', values)}`);
      }
    }
  }
  return { env: read, faults };
}

function contentOf(file: string): string {
  const stat = statSync(file);
  if (!stat.isFile()) throw new Error(t('settingFaults.notAFile'));
  if (stat.size > MAX_BYTES)
    throw new Error(t('settingFaults.tooLarge', { kib: MAX_BYTES / 1024 }));
  const content = readFileSync(file, 'utf8').trim();
  if (content === '') throw new Error(t('settingFaults.emptyFile'));
  return content;
}
