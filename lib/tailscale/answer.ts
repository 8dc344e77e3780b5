import { ZodError } from 'zod';
import { type SaidValue, say } from '../domain/said';
import { TailscaleError } from './tailscale';
import { printable } from './wire-fields';

/**
 * Runs `read` on what `origin` (a call and its target, for messages) answered. An unreadable answer becomes a
 * `bad_answer` that names the field and quotes the beginning of the answer.
 */
export async function readAnswer<T>(
  origin: SaidValue,
  body: string,
  read: (body: string) => T | Promise<T>,
): Promise<T> {
  try {
    return await read(body);
  } catch (error) {
    if (error instanceof TailscaleError) throw error;
    const fault =
      error instanceof ZodError ? fieldAtFault(error) : { said: say('tailscaled.notJson') };
    throw new TailscaleError(
      'bad_answer',
      say('tailscaled.unreadable', {
        ...{ origin, fault, beginning: JSON.stringify(firstLine(body, 80)) },
      }),
      { cause: error },
    );
  }
}

function fieldAtFault(error: ZodError): string {
  const issue = error.issues[0];
  return printable(`${issue?.path.join('.') || 'all of it'}: ${issue?.message}`);
}

/** Returns the first non-empty line, printable and short, for an error message. */
export function firstLine(body: string, max = 200): string {
  const line = body
    .slice(0, 4096)
    .split('\n')
    .find((candidate) => candidate.trim() !== '');
  return printable(line ?? '').slice(0, max);
}

/** The date and time before a line that Go logs. */
const LOGGED_AT = /^\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2} /;
/** Not why it failed: `netcheck` says that its format may change, others that client and server differ in version. */
const NOTE = /^(#|warning:)/i;

/** Returns the lines in which a failed command may have said why, each printable and short; notes are left out. */
export function reasonsIn(printed: string, max = 200): string[] {
  return printed
    .slice(-16_384)
    .split('\n')
    .map((line) => line.trim().replace(LOGGED_AT, ''))
    .filter((line) => line !== '' && !NOTE.test(line))
    .map((line) => printable(line).slice(0, max));
}

/** Turns what a failed `tailscale` command printed into an error with a remedy; null when the text is unknown. */
export function explainWords(origin: SaidValue, words: string): TailscaleError | null {
  // What it could not reach on the internet is no word on tailscaled.
  if (words.includes('https://')) return null;
  const said = { said: say('tailscaled.failed', { origin, words }) };
  if (/permission denied|access denied|operation not permitted/i.test(words)) {
    return new TailscaleError('permission', say('tailscaled.asOperator', { said }));
  }
  if (
    /failed to connect|not running|is stopped|connection refused|no such file|logged out/i.test(
      words,
    )
  ) {
    return new TailscaleError('unreachable', say('tailscaled.start', { said }));
  }
  if (/flag provided but not defined|unknown subcommand|unknown command/i.test(words)) {
    return new TailscaleError('unsupported', say('tailscaled.update', { said }));
  }
  return null;
}
