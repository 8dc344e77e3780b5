import { describe, expect, it } from 'vitest';
import { type Open, openedPerTest } from './opened';
import { aMessage, aNotice, T0 } from './samples';

/** The requirements of every `DigestQueue`. */
export function digestsContract(name: string, open: Open<'digests' | 'messages'>): void {
  describe(`${name} as a queue of digests`, () => {
    const opened = openedPerTest(open);
    const digest = {
      ...{ createdAt: T0, news: [], unconfirmed: 0 },
      digest: {
        ...{ from: T0 - 1_000, to: T0 },
        accesses: { count: 7, before: 5, people: 2, errors: 1 },
        services: [{ host: null, accesses: 7, errors: 1 }],
        traffic: { rxBytes: 10, txBytes: 20, devices: [{ name: 'nas', bytes: 30 }] },
        availability: [{ name: 'nas', share: null, downMs: 0 }],
        changes: [{ kind: 'node_added' as const, count: 1, names: ['nas'] }],
        alerts: { fired: 1, firing: 0 },
      },
    };

    it('queues a period once on each channel, and no earlier one afterwards', async () => {
      const { digests, messages } = opened.stores;
      expect(await digests.lastDigest()).toBe(null);
      expect(await digests.queueDigest(T0, ['chat', 'hook'], digest)).toBe(true);
      expect(await digests.queueDigest(T0, ['chat', 'hook'], digest)).toBe(false);
      expect(await digests.queueDigest(T0 - 1, ['chat'], digest)).toBe(false);
      expect(await digests.lastDigest()).toBe(T0);
      for (const channel of ['chat', 'hook']) {
        const queued = await messages.nextMessage(channel);
        expect(queued).toMatchObject({ message: digest });
        await messages.startSending(queued?.id ?? 0, T0);
        await messages.confirmSent(queued?.id ?? 0, T0);
        expect(await messages.nextMessage(channel)).toBe(null);
      }
    });

    it('passes over a period without a message', async () => {
      const { digests, messages } = opened.stores;
      expect(await digests.queueDigest(T0, ['chat'], null)).toBe(true);
      expect(await digests.lastDigest()).toBe(T0);
      expect(await messages.nextMessage('chat')).toBe(null);
      expect(await digests.queueDigest(T0 + 1, ['chat'], aMessage(aNotice()))).toBe(true);
      expect(await messages.nextMessage('chat')).not.toBe(null);
    });
  });
}
