import { beforeEach, describe, expect, it } from 'vitest';
import { alert, T0, testStore } from '../../alerts/test-doubles';
import { SqliteAlerts } from './alerts';

const NOTHING = { changed: [], vanished: [], notices: [], channels: [], told: [] };
const open = (more: Parameters<typeof alert>[0] = {}) => ({
  alert: alert(more),
  bad: 2,
  good: 1,
  told: false,
});

describe('alerts in SQLite', () => {
  let store: SqliteAlerts;
  let file: string;
  beforeEach(async () => {
    ({ store, file } = await testStore());
  });

  it('are read as they were written, by another process too', async () => {
    const evidence = [{ label: 'Pings', value: '118 ms' }];
    const one = open({ evidence, nodeId: null, hostname: null, firedAt: null, state: 'pending' });
    await store.saveEvaluation({ ...NOTHING, changed: [one] });
    const other = await SqliteAlerts.open(file);
    expect(await other.openAlerts()).toEqual([one]);
    await other.close();
  });

  it('are stored with their notices or not at all', async () => {
    const notices = [{ kind: 'fired' as const, at: T0, alert: alert() }];
    const twice = [open({ id: 1 }), open({ id: 2 })];
    const evaluation = { ...NOTHING, changed: twice, notices, channels: ['chat'], told: [1] };
    await expect(store.saveEvaluation(evaluation)).rejects.toThrow('UNIQUE');
    expect(await store.openAlerts()).toEqual([]);
    expect(await store.waiting('chat')).toEqual([]);
    await store.saveEvaluation({ ...evaluation, changed: [open({ id: 1 })] });
    expect(await store.openAlerts()).toMatchObject([{ told: true }]);
    expect(await store.waiting('chat')).toMatchObject([{ lastTold: null }]);
  });

  it('get ids that were never used, also after one has vanished', async () => {
    expect(await store.nextAlertId()).toBe(1);
    await store.saveEvaluation({ ...NOTHING, changed: [open({ id: 5 })] });
    await store.saveEvaluation({ ...NOTHING, vanished: [5] });
    expect(await store.openAlerts()).toEqual([]);
    expect(await store.nextAlertId()).toBe(6);
  });

  it('keep their acknowledgement when an evaluation writes them again', async () => {
    const one = open();
    await store.saveEvaluation({ ...NOTHING, changed: [one], told: [1] });
    await store.acknowledge(1, 'bob', T0);
    await store.saveEvaluation({ ...NOTHING, changed: [{ ...one, bad: 3 }] });
    expect(await store.openAlerts()).toMatchObject([
      { bad: 3, told: true, alert: { acknowledgedBy: 'bob', acknowledgedAt: T0 } },
    ]);
  });

  it('that are not firing are not acknowledged', async () => {
    await store.saveEvaluation({ ...NOTHING, changed: [open({ state: 'pending' })] });
    expect((await store.acknowledge(1, 'bob', T0))?.acknowledgedAt).toBe(null);
  });

  it('page through those resolved at the same instant without a gap or a repeat', async () => {
    const changed = Array.from({ length: 7 }, (_, i) =>
      open({ id: i + 1, topic: `t${i}`, state: 'resolved', resolvedAt: T0 + Math.floor(i / 3) }),
    );
    await store.saveEvaluation({ ...NOTHING, changed });
    const filter = { topic: null, nodeId: null };
    const ids: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await store.history(filter, 2, cursor);
      ids.push(...page.alerts.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1]);
    const some = await store.history({ ...filter, topic: 't2' }, 10, null);
    expect(some.alerts.map(({ id }) => id)).toEqual([3]);
  });

  it('are muted from the one time to the other, and end or are called off at will', async () => {
    const by = { reason: 'work', by: 'bob', nodeId: null };
    const now = await store.addMute({ topic: 'a', from: T0, until: T0 + 100, ...by });
    const later = await store.addMute({ topic: null, from: T0 + 500, until: T0 + 600, ...by });
    expect(await store.mutes(T0 + 50)).toEqual([now, later]);
    expect(await store.mutes(T0 + 100)).toEqual([later]);
    expect(await store.endMute(later.id, T0 + 100)).toBe(true);
    expect(await store.endMute(later.id, T0 + 100)).toBe(false);
    expect(await store.mutes(T0 + 100)).toEqual([]);
  });

  it('keep what waits and what fires when the old is forgotten', async () => {
    const resolved = open({ id: 1, topic: 'a', state: 'resolved', resolvedAt: T0 });
    const notices = [{ kind: 'fired' as const, at: T0 + 10, alert: alert() }];
    const changed = [resolved, open({ id: 2 })];
    await store.saveEvaluation({ ...NOTHING, changed, notices, channels: ['chat'] });
    await store.prune(T0 + 5);
    expect((await store.history({ topic: null, nodeId: null }, 9, null)).alerts).toEqual([]);
    expect(await store.openAlerts()).toHaveLength(1);
    expect(await store.waiting('chat')).toHaveLength(1);
  });

  it('says in words that the disk is full, and stores nothing of it', async () => {
    const many = Array.from({ length: 2_000 }, (_, i) =>
      open({ id: i + 1, topic: `t${i}`, title: 'x'.repeat(500) }),
    );
    const inside = store as unknown as { db: { exec(sql: string): void } };
    inside.db.exec('PRAGMA max_page_count=60');
    const full = store.saveEvaluation({ ...NOTHING, changed: many });
    await expect(full).rejects.toThrow('disk is full');
    expect(await store.openAlerts()).toEqual([]);
  });
});
