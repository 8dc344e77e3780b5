import { describe, expect, it } from 'vitest';
import { BadCursor } from '../../domain/errors';
import { say } from '../../domain/said';
import type { AuditEntry } from '../ports/audit';
import { type Open, openedPerTest } from './opened';

/** The requirements of every `AuditStore`. */
export function auditContract(name: string, open: Open<'audit'>): void {
  describe(`${name} as an audit`, () => {
    const opened = openedPerTest(open);
    // Some stores keep no entries from the future, nor very old ones.
    const now = Date.now();
    const entry = (i: number): Omit<AuditEntry, 'id'> => ({
      time: now - 60_000 + i,
      actor: 'bob@example.com',
      action: 'mute',
      target: `"latency_git", ${i}`,
      requestId: `r${i}`,
    });

    it('lists entries newest first, as they were, in pages', async () => {
      const { audit } = opened.stores;
      expect(await audit.audit(10, null)).toEqual({ entries: [], nextCursor: null });
      for (let i = 0; i < 5; i++) await audit.addAudit(entry(i));
      const pages = [];
      for (let cursor: string | null = null; ; ) {
        const page = await audit.audit(2, cursor);
        pages.push(page.entries);
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      expect(pages.map((page) => page.map(({ requestId }) => requestId))).toEqual([
        ['r4', 'r3'],
        ['r2', 'r1'],
        ['r0'],
      ]);
      expect(pages.flat()).toMatchObject([4, 3, 2, 1, 0].map(entry));
      expect(new Set(pages.flat().map(({ id }) => id)).size).toBe(5);
    });

    it('keeps what it was done to for readers of any language', async () => {
      const { audit } = opened.stores;
      const title = say('alertTexts.latency', { device: 'git', latency: { latency: 118 } });
      const said = say('auditTexts.title', { title: { said: title } });
      await audit.addAudit({ ...entry(1), target: said.text, said });
      const [kept] = (await audit.audit(1, null)).entries;
      expect(kept).toMatchObject({ target: '“High latency to git: 118\u00a0ms”', said });
    });

    it('refuses a cursor that is none of its own', async () => {
      await expect(opened.stores.audit.audit(10, "1' OR 1")).rejects.toThrow(BadCursor);
    });
  });
}
