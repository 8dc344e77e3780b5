import { describe, expect, it } from 'vitest';
import { player } from '../../../e2e/harness/tailnet/cases';
import type { Played } from '../../../e2e/harness/tailnet/product';
import type { Scenario, Step } from '../../../e2e/harness/tailnet/scenario';

const HOUR = 3_600;
const peer = (name: string, i: number, more: object = {}) => ({
  HostName: name,
  DNSName: `${name}.tail1234.ts.net.`,
  TailscaleIPs: [`100.64.${Math.floor(i / 250)}.${(i % 250) + 2}`],
  ...more,
});
const flapping = (everySeconds: number, until: number): Scenario => {
  const flaps = Array.from({ length: Math.floor(until / everySeconds) }, (_, i): Step => {
    const isDown = i % 2 === 0;
    return {
      at: 40 + i * everySeconds,
      peers: { nPIxx: { Online: !isDown } },
      pings: { '100.64.0.2': isDown ? 'silent' : { ms: 9 } },
    };
  });
  const up: Step = {
    at: 40 + until,
    peers: { nPIxx: { Online: true } },
    pings: { '100.64.0.2': { ms: 9 } },
  };
  return { steps: [{ at: 0, peers: { nPIxx: peer('pi', 0) } }, ...flaps, up] };
};

const pingsOf = (run: Played) => Object.values(run.pinged()).reduce((a, b) => a + b, 0);
/** Simulated hours, and hundreds of devices, take a while on a slow machine. */
const PATIENCE_MS = 120_000;

describe('situations like those of the cases', () => {
  const play = player();

  it.each([
    [90, 1_800],
    [330, HOUR],
  ])('26: a device that goes and comes each %i s is few messages', async (every, until) => {
    const run = await play(flapping(every, until));
    await run.until(until + 1_200);
    const texts = run.messages().map(({ text }) => text);
    expect(texts.length).toBeLessThanOrEqual(6);
    expect(texts.some((text) => /unstable/.test(text))).toBe(true);
    expect(texts.at(-1)).toMatch(/stable again|back online/);
    expect((await run.alerts()).firing).toEqual([]);
  });

  it(
    '20: 200 critical devices are pinged within seconds, five times each, fifty at a time',
    async () => {
      const peers = Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [`nS${i}`, peer(`srv-${i}`, i)] as const),
      );
      const run = await play({ steps: [{ at: 0, peers }] });
      await run.until(12);
      expect(Object.values(run.pinged())).toEqual(Array.from({ length: 200 }, () => 5));
      const { jobs } = await run.api('/healthz');
      const round = jobs.find(({ name }) => name === 'collect_connection_metrics');
      expect(round?.last_duration_ms).toBeLessThan(20_000);
      const before = pingsOf(run);
      await run.until(102);
      // Between rounds, one ping per 15 s: under fifteen per second in total.
      expect((pingsOf(run) - before) / 90).toBeLessThan(15);
      expect((await run.api('/health-monitoring/summary')).critical).toBe(200);
    },
    PATIENCE_MS,
  );

  it(
    '20: when all 200 fall silent, a round still ends before the next, and they are one message',
    async () => {
      const peers = Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [`nS${i}`, peer(`srv-${i}`, i)] as const),
      );
      const hub = { nHUB: peer('hub', 220) };
      const silent = Object.fromEntries(
        Object.values(peers).map(({ TailscaleIPs: [ip = ''] }) => [ip, 'silent' as const]),
      );
      const run = await play({
        steps: [
          { at: 0, peers: { ...peers, ...hub } },
          { at: 100, pings: silent },
        ],
      });
      await run.until(460);
      expect(run.messages()).toHaveLength(1);
      expect((await run.alerts()).firing).toHaveLength(200);
      const { jobs } = await run.api('/healthz');
      const round = jobs.find(({ name }) => name === 'collect_connection_metrics');
      expect(round?.last_duration_ms).toBeLessThan(120_000);
      expect(round?.overdue_seconds ?? 0).toBe(0);
    },
    PATIENCE_MS,
  );
});
