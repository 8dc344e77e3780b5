import { basename } from 'node:path';
import { matcher } from '../find-logs';
import { createSetFormat } from './set-format';

/** Returns the format set for a log, given its path; undefined: it is to be recognised. */
export type FormatOf = (log: string) => string | undefined;

type Entry = { glob: string; format: string; matches: RegExp };

/** `*_access.log=…`, `/var/log/apache2/*=…`: a name with a dot, a slash or an asterisk, so that no `rt=$…` is one. */
const ENTRY = /^(?=[^=\s]*[./*])([\w./*?@+-]+)=(.*)$/s;

/**
 * Parses `ACCESS_LOG_FORMAT`: one format for all logs, or a list of `glob=format`, one per line or separated by `;;`,
 * of which the first that matches a log's path or name counts; logs that none matches are recognised. `auto` requests
 * recognition explicitly. Throws an Error that says what is wrong with which format.
 */
export function formatsOf(setting: string | undefined): FormatOf {
  if (setting === undefined || setting.trim() === '') return () => undefined;
  const entries = entriesOf(setting);
  if (entries === null) {
    check(setting);
    return () => given(setting);
  }
  for (const { glob, format } of entries) {
    try {
      check(format);
    } catch (error) {
      throw new Error(`${glob}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return (log) => {
    const fits = entries.find(({ glob, matches }) =>
      matches.test(glob.includes('/') ? log : basename(log)),
    );
    return fits && given(fits.format);
  };
}

function given(format: string): string | undefined {
  return format.trim() === 'auto' ? undefined : format;
}

function check(format: string): void {
  if (given(format) !== undefined) createSetFormat(format);
}

/**
 * Returns `null` when the setting is a single format. A line that does not begin an entry continues the previous one.
 */
function entriesOf(setting: string): Entry[] | null {
  const entries: Entry[] = [];
  for (const entry of setting.split(/;;|\n/)) {
    const [, glob, format] = ENTRY.exec(entry.trim()) ?? [];
    const last = entries.at(-1);
    if (glob !== undefined && format !== undefined) {
      entries.push({ glob, format, matches: matcher(glob) });
    } else if (last === undefined) return null;
    else last.format += `\n${entry}`;
  }
  return entries;
}
