import { describe, expect, it } from 'vitest';
import { say } from '../../domain/said';
import { DAY } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { aMessage, aNotice, anEvaluation, T0 } from './samples';

/** The requirements of every `ChannelStates`. */
export function channelsContract(
  name: string,
  open: Open<'alerts' | 'notices' | 'messages' | 'channels'>,
): void {
  describe(`${name} about the state of channels`, () => {
    const opened = openedPerTest(open);

    it('counts what waits and what failed, and says when one went out last and why one did not', async () => {
      const { alerts, notices, messages, channels } = opened.stores;
      const nothing = { waiting: 0, lastSentAt: null, lastError: null, failed: 0 };
      expect(await channels.channelState('chat', T0)).toEqual(nothing);
      const sendNext = async () => {
        const id = (await messages.nextMessage('chat'))?.id ?? 0;
        await messages.startSending(id, T0);
        return id;
      };
      await notices.compose('chat', [], [aMessage(aNotice()), aMessage(aNotice())]);
      await alerts.saveEvaluation(anEvaluation({ notices: [aNotice()], channels: ['chat'] }));
      expect(await channels.channelState('chat', T0)).toEqual({ ...nothing, waiting: 3 });
      const why = say('channelFaults.answered', { service: 'ntfy', status: '400' });
      await messages.giveUp(await sendNext(), T0 + 1, why);
      const failed = {
        ...{ waiting: 2, lastSentAt: null, failed: 1 },
        ...{ lastError: 'ntfy answered 400', lastErrorSaid: why },
      };
      expect(await channels.channelState('chat', T0 + 1)).toEqual(failed);
      await messages.confirmSent(await sendNext(), T0 + 2);
      const sent = { waiting: 1, lastSentAt: T0 + 2, lastError: null, failed: 1 };
      expect(await channels.channelState('chat', T0 + 2)).toEqual(sent);
      expect(await channels.channelState('chat', T0 + 8 * DAY)).toEqual({ ...sent, failed: 0 });
      expect(await channels.channelState('hook', T0 + 2)).toEqual(nothing);
    });
  });
}
