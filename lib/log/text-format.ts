import { isLogLine } from './log-line';

/**
 * Formats a line of JSON for people (`LOG_FORMAT_JSON=false`): one line of text, whatever the values contain. Control
 * characters stay escaped, so that a value can neither start a new line nor colour the terminal.
 */
export function toText(json: string): string {
  const line: unknown = JSON.parse(json);
  if (!isLogLine(line)) return json;
  const { timestamp, level, logger, message, user, request_id, data, exception } = line;
  const extras = Object.entries({ user, request_id, ...data })
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => ` ${key}=${quoted(value)}`);
  const stack =
    exception === undefined ? '' : `\n${exception.split('\n').map(indented).join('\n')}`;
  return `${timestamp} ${level.padEnd(7)} ${logger}: ${plain(message)}${extras.join('')}${stack}\n`;
}

const indented = (line: string) => `    ${plain(line)}`;
const plain = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
const quoted = (value: unknown) =>
  typeof value === 'string' && /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value);
