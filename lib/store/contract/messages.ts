import { describe, expect, it } from 'vitest';
import { verbatim } from '../../domain/said';
import { type Open, openedPerTest } from './opened';
import { aMessage, aNotice, anEvaluation, T0 } from './samples';

/** The requirements of every `MessageQueue`. */
export function messagesContract(
  name: string,
  open: Open<'alerts' | 'notices' | 'messages'>,
): void {
  describe(`${name} as a queue of messages`, () => {
    const opened = openedPerTest(open);
    const topics = ['a', 'b', 'c'];
    const queue = async (...of: string[]) => {
      const messages = of.map((topic) => aMessage(aNotice({ topic })));
      await opened.stores.notices.compose('chat', [], messages);
    };
    const next = async () => {
      const queued = await opened.stores.messages.nextMessage('chat');
      return { id: queued?.id ?? 0, topic: queued?.message.news[0]?.notice.alert.topic };
    };

    it('gives messages out in their order, each until it is sent or given up, over a restart', async () => {
      const { messages } = opened.stores;
      await queue(...topics);
      const first = await next();
      expect(first.topic).toBe('a');
      expect(await next()).toEqual(first);
      await messages.startSending(first.id, T0);
      await messages.confirmSent(first.id, T0);
      const second = await next();
      expect(second.topic).toBe('b');
      await messages.startSending(second.id, T0);
      await messages.giveUp(second.id, T0, verbatim('refused'));
      await opened.reopen();
      expect(await next()).toMatchObject({ topic: 'c' });
      expect(await opened.stores.messages.nextMessage('hook')).toBe(null);
    });

    it('queues again what did not arrive, unchanged and before later ones, and counts the attempts', async () => {
      const { messages } = opened.stores;
      await queue('a', 'b');
      const before = await messages.nextMessage('chat');
      expect(before).toMatchObject({ attempts: 0, notBefore: 0 });
      await messages.startSending(before?.id ?? 0, T0);
      await messages.retryLater(before?.id ?? 0, T0, T0 + 2_000, verbatim('silence'));
      const again = { ...before, attempts: 1, notBefore: T0 + 2_000 };
      expect(await messages.nextMessage('chat')).toEqual(again);
    });

    it('holds back after a kill what was being sent: it may have arrived, and its topics count as notified', async () => {
      const { alerts, notices, messages } = opened.stores;
      await queue('a', 'b');
      const { id } = await next();
      await messages.startSending(id, T0 + 7);
      expect(await messages.recover('hook')).toBe(0);
      expect(await messages.recover('chat')).toBe(1);
      expect(await messages.recover('chat')).toBe(0);
      expect(await next()).toMatchObject({ topic: 'b' });
      const again = [aNotice({ topic: 'a' }), aNotice({ topic: 'b' })];
      await alerts.saveEvaluation(anEvaluation({ notices: again, channels: ['chat'] }));
      expect((await notices.waiting('chat')).map((one) => one.lastNotified)).toEqual([
        T0 + 7,
        null,
      ]);
    });

    it('knows when the last attempt was, whatever became of it', async () => {
      const { messages } = opened.stores;
      await queue('a', 'b');
      expect(await messages.lastAttempt('chat')).toBe(null);
      const { id } = await next();
      await messages.startSending(id, T0);
      expect(await messages.lastAttempt('chat')).toBe(T0);
      await messages.retryLater(id, T0 + 9, T0 + 99, verbatim('silence'));
      expect(await messages.lastAttempt('chat')).toBe(T0 + 9);
      expect(await messages.lastAttempt('hook')).toBe(null);
    });
  });
}
