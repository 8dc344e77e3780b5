import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import {
  collectorOfLink,
  LONGEST_SHARED_TITLE,
  MOST_SHARED_DEVICES,
  type SharedView,
} from '../domain/shared-view';
import { SECOND } from '../util/time';

/** Told apart from anything else that may ever be signed with the same secret. */
const PURPOSE = 'shared-view-1';
const SECRET = /^[0-9a-f]{64}$/;

const payloadSchema = z.strictObject({
  title: z.string().max(LONGEST_SHARED_TITLE),
  devices: z.array(z.string().min(1).max(100)).min(1).max(MOST_SHARED_DEVICES),
  until: z.int().positive().describe('Unix seconds'),
});

/** What is in a link; `expired`: it was made here, and has ended; `invalid`: it was not made here, or has been revoked. */
export type ReadLink =
  | { state: 'valid'; view: SharedView }
  | { state: 'expired' }
  | { state: 'invalid' };

/** Links that show a view to everyone who has them. What they show is in them, signed with the secret in a file. */
export class SignedLinks {
  constructor(
    private readonly file: string,
    private readonly collector: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Returns a link to a view: letters, digits and `-_.~`. */
  async sign({ title, devices, until }: SharedView): Promise<string> {
    const payload = payloadSchema.parse({ title, devices, until: Math.floor(until / SECOND) });
    const signed = `${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${this.collector}`;
    return `${signed}~${signature(signed, await this.secret()).toString('base64url')}`;
  }

  async read(link: string): Promise<ReadLink> {
    if (collectorOfLink(link) !== this.collector) return { state: 'invalid' };
    const at = link.lastIndexOf('~');
    const signed = link.slice(0, at);
    const given = Buffer.from(link.slice(at + 1), 'base64url');
    const right = signature(signed, await this.secret());
    if (given.length !== right.length || !timingSafeEqual(given, right))
      return { state: 'invalid' };
    const text = Buffer.from(signed.slice(0, signed.indexOf('.')), 'base64url').toString();
    const { until, ...shown } = payloadSchema.parse(JSON.parse(text));
    const view = { ...shown, until: until * SECOND };
    return view.until <= this.now() ? { state: 'expired' } : { state: 'valid', view };
  }

  /** Ends every link made so far. */
  async revokeAll(): Promise<void> {
    const draft = `${this.file}.new`;
    await rm(draft, { force: true });
    await writeFile(draft, newSecret(), { mode: 0o600, flag: 'wx' });
    await rename(draft, this.file);
  }

  /** Returns the secret, which is made when it is first needed. It is read each time: a removed file revokes, too. */
  private async secret(): Promise<string> {
    const kept = await readFile(this.file, 'utf8').catch(() => null);
    if (kept !== null && SECRET.test(kept.trim())) return kept.trim();
    if (kept !== null) throw new Error(`${this.file} is not a secret of ours: remove it`);
    try {
      await writeFile(this.file, newSecret(), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another request was first.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    return (await readFile(this.file, 'utf8')).trim();
  }
}

const newSecret = () => `${randomBytes(32).toString('hex')}\n`;
const signature = (text: string, secret: string) =>
  createHmac('sha256', secret).update(`${PURPOSE}\n${text}`).digest();
