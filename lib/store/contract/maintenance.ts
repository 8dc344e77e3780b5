import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Hit } from '../../domain/access';
import { DAY, HOUR } from '../../util/time';
import type { Stores } from '../ports/stores';
import { type Open, openedPerTest } from './opened';
import {
  ALL,
  aHit,
  aMessage,
  aNotice,
  anEvaluation,
  anOpenAlert,
  dayOf,
  putHits,
  T0,
} from './samples';

/** The requirements of every `Maintenance`. */
export function maintenanceContract(name: string, open: Open<keyof Stores>): void {
  describe(`${name} under maintenance`, () => {
    const opened = openedPerTest(open);
    const put = (hits: Hit[]) => putHits(opened.stores.ingest, hits);

    it('gives the same numbers before and after rolling up, and when a late hit arrives', async () => {
      const times = Array.from({ length: 400 }, (_, i) => T0 + i * 2 * HOUR);
      await put(times.map((time, i) => aHit(i, { time, responseMs: i, endpoint: `/${i % 7}` })));
      const range = { from: T0 + DAY / 3, to: T0 + 30 * DAY };
      const before = await opened.stores.accesses.usage(range, ALL);
      const totals = await opened.stores.accesses.totals(range, ALL);
      const rollUpAll = async () => {
        for (let i = 0; i < 100 && (await opened.stores.maintenance.rollUp(T0 + 90 * DAY)); i++);
      };
      await rollUpAll();
      expect(await opened.stores.accesses.usage(range, ALL)).toEqual(before);
      expect(await opened.stores.accesses.totals(range, ALL)).toEqual(totals);
      await put([aHit(1000, { time: T0 + 10 * DAY + 1, endpoint: '/late' })]);
      const late = (await opened.stores.accesses.usage(range, ALL)).topEndpoints.find(
        (e) => e.endpoint === '/late',
      );
      expect(late?.hits).toBe(1);
      await rollUpAll();
      expect((await opened.stores.accesses.usage(range, ALL)).totalAccesses).toBe(
        before.totalAccesses + 1,
      );
    });

    it('counts nothing again that this version has counted, and changes no number by it', async () => {
      await put([aHit(0, { responseMs: 40 }), aHit(1, { responseMs: 90 })]);
      const before = await opened.stores.accesses.usage(dayOf(T0), ALL);
      expect(before).toMatchObject({ responseTimeError: 0.02, totalAccesses: 2 });
      while (await opened.stores.maintenance.recount(T0 + DAY));
      expect(await opened.stores.accesses.usage(dayOf(T0), ALL)).toEqual(before);
    });

    it('prunes raw hits and roll-ups each by its own age', async () => {
      await put([aHit(0, { time: T0 }), aHit(1, { time: T0 + 50 * DAY })]);
      await opened.stores.maintenance.prune(T0 + 51 * DAY, { rawDays: 30, rollupDays: 730 });
      const all = { from: T0 - DAY, to: T0 + 60 * DAY };
      expect((await opened.stores.accesses.hits(all, ALL, 10, null)).hits).toHaveLength(1);
      expect((await opened.stores.accesses.usage(all, ALL)).totalAccesses).toBe(2);
      await opened.stores.maintenance.prune(T0 + 51 * DAY, { rawDays: 30, rollupDays: 31 });
      expect((await opened.stores.accesses.usage(all, ALL)).totalAccesses).toBe(1);
    });

    it('forgets what is over of alerts, mutes and messages, and keeps what fires and what waits', async () => {
      const { alerts, mutes, notices, messages, channels, maintenance } = opened.stores;
      const resolved = anOpenAlert({ id: 1, topic: 'a', state: 'resolved', resolvedAt: T0 });
      const waiting = { ...aNotice(), at: T0 + 10 };
      await alerts.saveEvaluation(
        anEvaluation({
          ...{
            changed: [resolved, anOpenAlert({ id: 2 })],
            notices: [waiting],
            channels: ['chat'],
          },
        }),
      );
      const by = { reason: 'work', by: 'bob', nodeId: null, topic: 'a', from: T0 };
      await mutes.addMute({ ...by, until: T0 + 1 });
      const inForce = await mutes.addMute({ ...by, until: T0 + 10 });
      await notices.compose('chat', [], [aMessage(aNotice({ topic: 'a' })), aMessage(aNotice())]);
      const sent = await messages.nextMessage('chat');
      await messages.startSending(sent?.id ?? 0, T0);
      await messages.confirmSent(sent?.id ?? 0, T0);
      await maintenance.prune(T0 + 30 * DAY + 5, { rawDays: 30, rollupDays: 30 });
      expect((await alerts.history({ topic: null, nodeId: null }, 9, null)).alerts).toEqual([]);
      expect(await alerts.openAlerts()).toHaveLength(1);
      expect(await notices.waiting('chat')).toHaveLength(1);
      expect(await mutes.mutes(0)).toEqual([inForce]);
      expect(await channels.channelState('chat', T0)).toMatchObject({
        waiting: 2,
        lastSentAt: null,
      });
      await maintenance.prune(T0 + 30 * DAY + 11, { rawDays: 30, rollupDays: 30 });
      expect(await notices.waiting('chat')).toEqual([]);
      expect(await mutes.mutes(0)).toEqual([]);
    });

    it('forgets old entries of the audit', async () => {
      const { audit, maintenance } = opened.stores;
      const entry = { actor: 'bob', action: 'mute', target: 'a', requestId: 'r' };
      await audit.addAudit({ ...entry, time: T0 });
      await audit.addAudit({ ...entry, time: T0 + DAY });
      await maintenance.prune(T0 + 31 * DAY, { rawDays: 30, rollupDays: 30 });
      expect((await audit.audit(9, null)).entries).toMatchObject([{ time: T0 + DAY }]);
    });

    it('makes a backup while in use', async () => {
      await put([aHit(0)]);
      await opened.stores.maintenance.backup(path.join(opened.folder, 'backup.sqlite'));
      expect(await opened.stores.maintenance.size()).toBeGreaterThan(0);
      await put([aHit(1)]);
      expect((await opened.stores.accesses.usage(dayOf(T0), ALL)).totalAccesses).toBe(2);
    });
  });
}
