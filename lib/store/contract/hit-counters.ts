import { describe, expect, it } from 'vitest';
import type { Hit } from '../../domain/access';
import type { HostCounters } from '../../domain/hit-counters';
import { DAY, HOUR, MINUTE } from '../../util/time';
import { type Open, openedPerTest } from './opened';
import { aHit, putHits } from './samples';

const NONE = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, none: 0 };

/** The requirements of every `HitCounterStore`. */
export function hitCountersContract(
  name: string,
  open: Open<'hitCounters' | 'ingest' | 'maintenance'>,
): void {
  describe(`${name} as a store of counters of hits`, () => {
    const opened = openedPerTest(open);
    const now = Date.now();
    const put = (...changes: Partial<Hit>[]) =>
      putHits(
        opened.stores.ingest,
        changes.map((change, i) => aHit(i, { time: now - MINUTE, ...change })),
      );
    const counters = (nonTailnet = false) => opened.stores.hitCounters.hitCounters(nonTailnet);
    const ofHost = (hosts: readonly HostCounters[], host: string | null) =>
      hosts.find((one) => one.host === host);

    it('counts accesses by host and class of status, with their bytes and response times', async () => {
      await put(
        { host: 'git', status: 200, bytes: 100, responseMs: 4 },
        { host: 'git', status: 204, bytes: null, responseMs: 5 },
        { host: 'git', status: 503, bytes: 7, responseMs: 6 },
        { host: 'git', status: null, responseMs: 60_000, bytes: 0 },
        { host: null, status: 404, responseMs: null, bytes: 1 },
      );
      const { hosts } = await counters();
      const durations = [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
      expect(ofHost(hosts, 'git')).toEqual({
        ...{ host: 'git', hits: { ...NONE, '2xx': 2, '5xx': 1, none: 1 }, bytes: 107 },
        ...{ durations, durationMs: 60_015 },
      });
      expect(ofHost(hosts, null)).toMatchObject({ hits: { ...NONE, '4xx': 1 }, durationMs: 0 });
      expect(hosts).toHaveLength(2);
    });

    it('leaves out what is no access, by the reason that usage gives', async () => {
      await put(
        {},
        { client: 'bot' },
        { client: 'bot', ip: '127.0.0.1' },
        { ip: '127.0.0.1' },
        { ip: '192.168.1.5' },
      );
      const strict = await counters();
      expect(ofHost(strict.hosts, null)?.hits['2xx']).toBe(1);
      expect(strict.leftOut).toEqual({ bots: 1, loopback: 2, nonTailnet: 1 });
      const wide = await counters(true);
      expect(ofHost(wide.hosts, null)?.hits['2xx']).toBe(3);
      expect(wide.leftOut).toEqual({ bots: 2, loopback: 0, nonTailnet: 0 });
    });

    it('never goes down: neither when it is opened again, nor by retention', async () => {
      await put({ time: now - 20 * HOUR }, {});
      await opened.reopen();
      await opened.stores.maintenance.prune(now + 900 * DAY, { rawDays: 1, rollupDays: 1 });
      const { hosts } = await counters();
      expect(ofHost(hosts, null)?.hits['2xx']).toBe(2);
    });

    it('counts a position once, and what was read late not at all', async () => {
      await put({}, { time: now - 2 * DAY });
      await put({}, { time: now - 2 * DAY }, {});
      expect(ofHost((await counters()).hosts, null)?.hits['2xx']).toBe(2);
    });

    it('has as many hosts as the dictionary: the rest is (other)', async () => {
      await put(...Array.from({ length: 130 }, (_, i) => ({ host: `h${i}.example.org` })));
      const { hosts } = await counters();
      expect(hosts).toHaveLength(101);
      expect(ofHost(hosts, '(other)')?.hits['2xx']).toBe(30);
    });
  });
}
