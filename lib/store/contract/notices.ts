import { describe, expect, it } from 'vitest';
import { type Open, openedPerTest } from './opened';
import { aMessage, aNotice, anEvaluation, anOpenAlert, T0 } from './samples';

/** The requirements of every `NoticeStore`. */
export function noticesContract(name: string, open: Open<'alerts' | 'notices' | 'messages'>): void {
  describe(`${name} as a store of notices`, () => {
    const opened = openedPerTest(open);

    it('keeps notices in order on every channel until messages are made of them there', async () => {
      const { alerts, notices, messages } = opened.stores;
      const both = [aNotice({ topic: 'a' }), aNotice({ topic: 'b' }, 'resolved')];
      await alerts.saveEvaluation(anEvaluation({ notices: both, channels: ['chat', 'hook'] }));
      const waiting = await notices.waiting('chat');
      expect(waiting.map(({ notice }) => notice)).toEqual(both);
      const ids = waiting.map(({ id }) => id);
      await notices.compose('chat', ids, [aMessage(...both)]);
      expect(await notices.waiting('chat')).toEqual([]);
      expect(await messages.nextMessage('chat')).toMatchObject({ message: aMessage(...both) });
      expect(await notices.waiting('hook')).toHaveLength(2);
      expect(await messages.nextMessage('hook')).toBe(null);
    });

    it('knows when a topic was last notified on that channel', async () => {
      const { alerts, notices, messages } = opened.stores;
      await notices.compose('chat', [], [aMessage(aNotice({ topic: 'a' }))]);
      const sent = await messages.nextMessage('chat');
      await messages.startSending(sent?.id ?? 0, T0);
      await messages.confirmSent(sent?.id ?? 0, T0 + 5);
      const again = [aNotice({ topic: 'a' }), aNotice({ topic: 'b' })];
      await alerts.saveEvaluation(anEvaluation({ notices: again, channels: ['chat', 'hook'] }));
      const last = async (channel: string) =>
        (await notices.waiting(channel)).map(({ lastNotified }) => lastNotified);
      expect(await last('chat')).toEqual([T0 + 5, null]);
      expect(await last('hook')).toEqual([null, null]);
    });

    it('lets an alert whose firing was withdrawn be notified again, and only that', async () => {
      const { alerts, notices } = opened.stores;
      const changed = ['a', 'b', 'c'].map((topic, i) => anOpenAlert({ id: i + 1, topic }));
      const about = changed.map(({ alert }) => aNotice(alert));
      about[1] = aNotice(changed[1]?.alert, 'resolved');
      await alerts.saveEvaluation(
        anEvaluation({ changed, notices: about, channels: ['chat'], notified: [1, 2, 3] }),
      );
      const [first, second] = await notices.waiting('chat');
      await notices.withdraw([first?.id ?? 0, second?.id ?? 0]);
      const left = await notices.waiting('chat');
      expect(left.map(({ notice }) => notice.alert.topic)).toEqual(['c']);
      const notified = (await alerts.openAlerts()).map((alert) => alert.notified);
      expect(notified).toEqual([false, true, true]);
    });

    it('counts an unconfirmed message until the next one mentions it', async () => {
      const { notices, messages } = opened.stores;
      await notices.compose('chat', [], [aMessage(aNotice())]);
      await messages.startSending((await messages.nextMessage('chat'))?.id ?? 0, T0);
      expect(await notices.unconfirmed('chat')).toBe(0);
      await messages.recover('chat');
      expect(await notices.unconfirmed('chat')).toBe(1);
      expect(await notices.unconfirmed('hook')).toBe(0);
      await notices.compose('chat', [], []);
      expect(await notices.unconfirmed('chat')).toBe(1);
      await notices.compose('chat', [], [aMessage(aNotice())]);
      expect(await notices.unconfirmed('chat')).toBe(0);
    });
  });
}
