import { describe, expect, it } from 'vitest';
import { keptTexts } from '../../domain/alert-texts';
import { BadCursor } from '../../domain/errors';
import { say } from '../../domain/said';
import { type Open, openedPerTest } from './opened';
import { aNotice, anEvaluation, anOpenAlert, T0 } from './samples';

/** The requirements of every `AlertStore`. */
export function alertsContract(name: string, open: Open<'alerts' | 'notices'>): void {
  describe(`${name} as a store of alerts`, () => {
    const opened = openedPerTest(open);

    it('gives back what was written, to another process too', async () => {
      const evidence = [{ label: 'Pings', value: '118 ms' }];
      const one = anOpenAlert({
        ...{ evidence, nodeId: null, hostname: null, firedAt: null, state: 'pending' },
      });
      await opened.stores.alerts.saveEvaluation(anEvaluation({ changed: [one] }));
      const other = await opened.openAgain();
      expect(await other.alerts.openAlerts()).toEqual([one]);
      await other.close();
    });

    it('gives back its texts for readers of any language, value by value', async () => {
      const title = say('alertTexts.keyExpires', { device: 'git', duration: { duration: 5 } });
      const list = [{ latency: null }, { instant: T0, zone: 'Asia/Kolkata' }, { said: title }];
      const texts = keptTexts({ title, evidence: [{ label: title, value: { list } }] });
      const one = anOpenAlert(texts);
      const { alerts } = opened.stores;
      await alerts.saveEvaluation(anEvaluation({ changed: [one] }));
      // The same to a byte, so that it is not taken for a change.
      const [stored] = await alerts.openAlerts();
      expect(JSON.stringify(stored?.alert.said)).toBe(JSON.stringify(texts.said));
    });

    it('stores alerts with their notices or not at all', async () => {
      const { alerts, notices } = opened.stores;
      const twice = [anOpenAlert({ id: 1 }), anOpenAlert({ id: 2 })];
      const evaluation = anEvaluation({
        ...{ changed: twice, notices: [aNotice()], channels: ['chat'], notified: [1] },
      });
      await expect(alerts.saveEvaluation(evaluation)).rejects.toThrow('UNIQUE');
      expect(await alerts.openAlerts()).toEqual([]);
      expect(await notices.waiting('chat')).toEqual([]);
      await alerts.saveEvaluation({ ...evaluation, changed: [anOpenAlert({ id: 1 })] });
      expect(await alerts.openAlerts()).toMatchObject([{ notified: true }]);
      expect(await notices.waiting('chat')).toMatchObject([{ lastNotified: null }]);
    });

    it('gives ids that were never used, also after an alert has vanished', async () => {
      const { alerts } = opened.stores;
      expect(await alerts.nextAlertId()).toBe(1);
      await alerts.saveEvaluation(anEvaluation({ changed: [anOpenAlert({ id: 5 })] }));
      await alerts.saveEvaluation(anEvaluation({ vanished: [5] }));
      expect(await alerts.openAlerts()).toEqual([]);
      expect(await alerts.nextAlertId()).toBe(6);
    });

    it('keeps an acknowledgement when an evaluation writes the alert again', async () => {
      const { alerts } = opened.stores;
      const one = anOpenAlert();
      await alerts.saveEvaluation(anEvaluation({ changed: [one], notified: [1] }));
      await alerts.acknowledge(1, 'bob', T0);
      await alerts.saveEvaluation(anEvaluation({ changed: [{ ...one, bad: 3 }] }));
      expect(await alerts.openAlerts()).toMatchObject([
        { bad: 3, notified: true, alert: { acknowledgedBy: 'bob', acknowledgedAt: T0 } },
      ]);
    });

    it('acknowledges only what is firing, once', async () => {
      const { alerts } = opened.stores;
      expect(await alerts.acknowledge(1, 'bob', T0)).toBe(null);
      await alerts.saveEvaluation(anEvaluation({ changed: [anOpenAlert({ state: 'pending' })] }));
      expect((await alerts.acknowledge(1, 'bob', T0))?.acknowledgedAt).toBe(null);
      await alerts.saveEvaluation(anEvaluation({ changed: [anOpenAlert()] }));
      expect(await alerts.acknowledge(1, 'bob', T0)).toMatchObject({ acknowledgedBy: 'bob' });
      expect(await alerts.acknowledge(1, 'eve', T0 + 1)).toMatchObject({ acknowledgedBy: 'bob' });
    });

    it('takes an acknowledgement back once, so that it can be given again', async () => {
      const { alerts } = opened.stores;
      await alerts.saveEvaluation(anEvaluation({ changed: [anOpenAlert()] }));
      expect(await alerts.unacknowledge(1)).toBe(null);
      await alerts.acknowledge(1, 'bob', T0);
      expect(await alerts.unacknowledge(1)).toMatchObject({
        acknowledgedAt: null,
        acknowledgedBy: null,
      });
      expect(await alerts.unacknowledge(1)).toBe(null);
      expect(await alerts.acknowledge(1, 'eve', T0 + 1)).toMatchObject({ acknowledgedBy: 'eve' });
    });

    it('pages through those resolved at the same instant without a gap or a repeat', async () => {
      const { alerts } = opened.stores;
      const changed = Array.from({ length: 7 }, (_, i) =>
        anOpenAlert({
          ...{ id: i + 1, topic: `t${i}`, state: 'resolved', resolvedAt: T0 + Math.floor(i / 3) },
        }),
      );
      await alerts.saveEvaluation(anEvaluation({ changed }));
      const filter = { topic: null, nodeId: null };
      const ids: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await alerts.history(filter, 2, cursor);
        ids.push(...page.alerts.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1]);
      const some = await alerts.history({ ...filter, topic: 't2' }, 10, null);
      expect(some.alerts.map(({ id }) => id)).toEqual([3]);
      expect((await alerts.history({ ...filter, nodeId: 'n2' }, 10, null)).alerts).toEqual([]);
      await expect(alerts.history(filter, 2, '1; --')).rejects.toThrow(BadCursor);
    });
  });
}
