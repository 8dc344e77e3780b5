import { createHash } from 'node:crypto';
import { version } from '../util/version';

/**
 * Identifies what lines of a log are read by: this program's version and the format set for the log. Lines that were
 * rejected under different knowledge are worth reading again.
 */
export function knowledgeOf(format: string | undefined): string {
  return createHash('sha256')
    .update(`${version} ${format ?? ''}`)
    .digest('base64url')
    .slice(0, 16);
}
