import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../../lib/util/time';
import { Collecting } from './collecting';
import { ownBuckets } from './lab-influx';
import { OwnInfluxd } from './own-influxd';

describe('an InfluxDB of our own', () => {
  let folder: string;
  let disk: string;
  let influxd: OwnInfluxd;
  let collecting: Collecting;
  const begin = async () => {
    influxd = await OwnInfluxd.start(disk);
    collecting = await Collecting.open(folder, await ownBuckets('own', influxd.settings));
  };
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'own-influxd-'));
    disk = path.join(folder, 'disk');
    await mkdir(disk);
  });
  afterEach(async () => {
    await collecting.store.close();
    await influxd.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('killed again and again while it is written to, and started again, has every hit, once', async () => {
    await begin();
    for (let kill = 0; kill < 5; kill++) {
      for (let i = 0; i < 8; i++) await collecting.commit(2_500);
      const draining = collecting.store.sender.drain(undefined, false);
      await sleep(30 + kill * 90);
      await influxd.kill();
      await draining;
      await collecting.commit(100);
      await influxd.start();
    }
    await collecting.drained();
    expect(collecting.store.sender.state()).toMatchObject({ points: 0, rejected: 0, error: null });
    expect(await collecting.counted()).toBe(collecting.hits);
  });

  it('asked about hours that are too busy to be remembered together gives their sum', async () => {
    await begin();
    const hour = Math.floor(Date.now() / HOUR) * HOUR;
    collecting.timeOf = (i) => hour - HOUR + i * 110;
    for (let i = 0; i < 12; i++) await collecting.commit(5_000);
    await collecting.drained();
    expect(await collecting.counted()).toBe(60_000);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'whose disk fills takes up again when there is room, has every hit, once, and says so meanwhile',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'none', disk]);
      try {
        await begin();
        await collecting.commit(2_500);
        await collecting.drained();
        const ballast = path.join(disk, 'ballast');
        await writeFile(ballast, Buffer.alloc(64 * 2 ** 20)).catch(() => {});
        for (let i = 0; i < 12; i++) {
          await collecting.commit(2_500);
          await collecting.store.sender.drain(undefined, false);
          await sleep(300);
        }
        const state = collecting.store.sender.state();
        expect(state.points).toBeGreaterThan(0);
        expect(state.error).toMatch(/no room left on its disk: make some there, and restart it/);
        await rm(ballast);
        // A shard that could not be opened stays shut until then: see the log of an InfluxDB whose disk was full.
        await influxd.kill('SIGTERM');
        await influxd.start();
        await collecting.drained();
        expect(collecting.store.sender.state()).toMatchObject({ points: 0, rejected: 0 });
        expect(await collecting.counted()).toBe(collecting.hits);
      } finally {
        await influxd.kill();
        execFileSync('umount', [disk]);
      }
    },
  );
});
