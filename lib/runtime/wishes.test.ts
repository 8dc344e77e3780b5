import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertEngine } from '../alerts/engine';
import { FulfilWishes } from '../collect/fulfil-wishes';
import type { Wish } from '../collect/wishes';
import { awayDevice } from '../domain/own-device';
import { ReportRefused } from '../models/tracker';
import type { Answer } from '../store/ports/board';
import type { Stores } from '../store/ports/stores';
import { openSqliteStores } from '../store/sqlite/stores';
import { HOUR } from '../util/time';

const NOW = Date.UTC(2026, 10, 24);

describe('what replicas ask of a collector', () => {
  let folder: string;
  let store: Stores;
  let alerts: AlertEngine;
  let wishes: { at: string; wish: unknown }[];
  let answers: Map<string, Answer>;
  let pinged: number;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wishes-'));
    const file = path.join(folder, 'collector.sqlite');
    store = await openSqliteStores(file);
    alerts = new AlertEngine({ store, channels: [], now: () => NOW });
    wishes = [];
    answers = new Map();
    pinged = 0;
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** A collector that has just been started. */
  const collector = () =>
    new FulfilWishes(
      {
        wishes: async () => wishes,
        answer: async (_collector, at, answer) => void answers.set(at, answer),
      },
      'main',
      store,
      {
        alerts,
        outboxes: [],
        pings: { round: () => null },
        tailnet: {
          view: () => ({
            ...{ source: 'none', location: '', status: null, answeredAt: null },
            ...{ stale: true, error: null, own: awayDevice('not found yet') },
          }),
        },
        models: {
          history: async () => ({ entries: [], nextCursor: null }),
          record: async ({ model }) => {
            throw new ReportRefused(`no room for ${model}`);
          },
        },
        checkNetwork: async () => {
          pinged++;
        },
      },
      () => NOW,
    );
  const mute: Wish = {
    ...{ do: 'mute', topic: null, nodeId: null, from: NOW, until: NOW + HOUR },
    ...{ reason: 'maintenance', by: 'ann' },
  };

  const report = {
    ...{ model: 'tides', time: NOW, version: null, trainedAt: null, horizon: null, window: null },
    metrics: { mae: 1 },
  };

  it('is done once, however often it is read, and after a restart', async () => {
    wishes = [
      { at: '1', wish: mute },
      { at: '2', wish: { do: 'netcheck' } },
    ];
    const first = collector();
    await first.run();
    await first.run();
    await collector().run();
    expect(await alerts.mutes()).toMatchObject([{ reason: 'maintenance', by: 'ann' }]);
    expect(pinged).toBe(1);
    expect(answers.get('1')).toMatchObject({ value: { reason: 'maintenance' } });
  });

  it('bears being done twice, when it was done and not noted', async () => {
    wishes = [{ at: '1', wish: mute }];
    await collector().run();
    await store.state.saveState('wishes_fulfilled', '[]');
    await collector().run();
    expect(await alerts.mutes()).toHaveLength(1);
  });

  it('is answered with what is wrong with it, and holds up no other', async () => {
    wishes = [
      { at: '1', wish: { do: 'format the disk' } },
      { at: '2', wish: 'nonsense' },
      { at: '3', wish: { ...mute, until: NOW - 1 } },
      { at: '4', wish: { do: 'unmute', id: 77 } },
      { at: '5', wish: { do: 'record_model', report: { ...report, metrics: { rmse: 1 } } } },
      { at: '6', wish: { do: 'record_model', report } },
      { at: '7', wish: { do: 'model_history', model: 'tides', limit: 5, cursor: null } },
    ];
    await collector().run();
    for (const at of ['1', '2']) expect(answers.get(at)).toMatchObject({ error: {} });
    expect(answers.get('3')).toMatchObject({ error: { name: 'InvalidInput' } });
    expect(answers.get('4')).toEqual({ value: false });
    expect(answers.get('5')).toMatchObject({ error: { name: 'ZodError' } });
    expect(answers.get('6')).toEqual({
      error: { name: 'ReportRefused', message: 'no room for tides' },
    });
    expect(answers.get('7')).toEqual({ value: { entries: [], nextCursor: null } });
  });
});
