import { stat } from 'node:fs/promises';

/**
 * Returns the paths and globs that `ACCESS_LOG` lists: separated by commas or line breaks, or by blanks where each has
 * a slash or a dot. A name with a blank or a comma is one path if that file exists.
 */
export async function patternsOf(setting: string): Promise<string[]> {
  if (!/[,\s]/.test(setting.trim())) return [setting];
  if (await exists(setting)) return [setting];
  const listed = split(setting, /[,\n]/);
  const paths = listed.flatMap((entry) => split(entry, /\s+/));
  return paths.every((path) => /[./]/.test(path)) ? paths : listed;
}

function split(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
