import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';
import type { Scenario, Step } from '../../../e2e/harness/tailnet/scenario';
import { readScenario } from '../../../e2e/harness/tailnet/scenario';

const HOUR = 3_600;

describe('alerts come once, and on time', () => {
  const play = player();

  it.each([
    ['300', '300'],
    ['60', '60'],
    ['60', '65'],
  ])('22: silent devices, rounds each %s s, limit %s s', async (interval, limit) => {
    const run = await play('22-silent-at-the-defaults', {
      CONNECTION_INTERVAL_SECONDS: interval,
      OFFLINE_ALERT_SECONDS: limit,
    });
    const silent = [60, 360, 660, 960];
    await run.until(960 + Number(limit) + Number(interval));
    expect(run.messages()).toHaveLength(4);
    for (const [i, at] of silent.entries()) {
      const message = run.messages()[i];
      expect(message?.text).toContain(`srv-${i} is offline`);
      expect(message?.at).toBeGreaterThanOrEqual(at + Number(limit));
      expect(message?.at).toBeLessThanOrEqual(at + Number(limit) + 30);
    }
  });

  it('22: one round without an answer is no message when the next has one', async () => {
    const run = await play('22-silent-at-the-defaults');
    await run.until(361);
    run.change({ pings: {} });
    await run.until(359 + 600);
    expect(run.messages()).toEqual([]);
  });

  it('22: a forced relay is notified within 90 s of it', async () => {
    const run = await play({
      steps: [
        {
          at: 0,
          peers: {
            nSRVx0CNTRL: {
              HostName: 'srv-0',
              DNSName: 'srv-0.tail1234.ts.net.',
              TailscaleIPs: ['100.64.0.2'],
            },
          },
        },
        { at: 125, pings: { '100.64.0.2': { ms: 60, region: 4, code: 'fra' } } },
      ],
    });
    await run.until(125 + 90);
    expect(run.messages().map(({ text }) => text)).toEqual([
      expect.stringContaining('srv-0 is relayed'),
    ]);
  });

  const RELAYED = { '100.64.0.2': { ms: 60, region: 4, code: 'fra' } };
  const aServer = (at: number): Step => ({
    at,
    peers: {
      nSRVx0CNTRL: {
        HostName: 'srv-0',
        DNSName: 'srv-0.tail1234.ts.net.',
        TailscaleIPs: ['100.64.0.2'],
      },
    },
  });
  const relayMessage = [expect.stringContaining('srv-0 is relayed')];

  it('22: also when it is forced within the first round, and no later ping is direct', async () => {
    const run = await play({
      steps: [
        aServer(0),
        { at: 0.5, pings: { '100.64.0.2': 'silent' } },
        { at: 3, pings: RELAYED },
      ],
    });
    await run.until(3 + 90);
    expect(run.messages().map(({ text }) => text)).toEqual(relayMessage);
  });

  it('22: also when only the status has shown a direct path', async () => {
    const run = await play({
      steps: [
        { ...aServer(0), pings: { '100.64.0.2': { err: 'not now' } } },
        { at: 0, peers: { nSRVx0CNTRL: { CurAddr: '203.0.113.9:41641', Active: true } } },
        { at: 125, pings: RELAYED, peers: { nSRVx0CNTRL: { CurAddr: '', Active: true } } },
      ],
    });
    await run.until(125 + 90);
    expect(run.messages().map(({ text }) => text)).toEqual(relayMessage);
  });

  it('22: also when it was forced while the service was down', async () => {
    const run = await play({ steps: [aServer(0)] });
    await run.until(125);
    await run.change({ pings: RELAYED, restart: {} });
    const since = run.now();
    await run.until(since + 90);
    expect(run.messages().map(({ text }) => text)).toEqual(relayMessage);
  });

  it('22: also when tailscaled fails for minutes after the first round by relay', async () => {
    const run = await play({
      steps: [
        aServer(0),
        { at: 305, pings: RELAYED },
        { at: 316, pings: { '100.64.0.2': { err: 'not now' } } },
        { at: 430, pings: RELAYED },
      ],
    });
    await run.until(429);
    expect(run.messages()).toEqual([]);
    await run.until(430 + 90);
    expect(run.messages().map(({ text }) => text)).toEqual(relayMessage);
  });

  it('22: one that was never reached directly has lost nothing, and is pinged no more for it', async () => {
    const run = await play({
      steps: [{ ...aServer(0), pings: RELAYED }],
    });
    await run.until(900);
    expect(run.messages()).toEqual([]);
    // Rounds of five at 0 s, 293 s, 593 s and 893 s, and one ping each 15 s in between.
    expect(run.pinged()['100.64.0.2']).toBeLessThan(90);
  });

  it.each([-120, -HOUR, -24 * HOUR])('23: the clock is set off by %i s', async (offset) => {
    const scenario = readScenario('23-clock-set-back');
    const steps = scenario.steps.map((step) =>
      step.clock ? { ...step, clock: `${offset}s` } : step,
    );
    const run = await play({ ...scenario, steps }, SHORT_ROUNDS);
    await run.until(45);
    const looks = () => run.requests.filter(({ url }) => url.endsWith('/status')).length;
    const before = looks();
    await run.until(105);
    expect(looks() - before).toBeGreaterThanOrEqual(6);
    expect(run.pinged()['100.64.0.2']).toBeGreaterThanOrEqual(15);
    await run.until(160);
    expect(run.messages().map(({ text }) => text)).toEqual([
      expect.stringContaining('nas is offline'),
    ]);
    expect(run.messages()[0]?.at).toBeLessThan(65 + 30 + 40);
    const events = await run.events();
    expect(events.map(({ kind }) => kind)).toEqual(['node_offline']);
    await run.until(200);
    const { jobs, status } = await run.api('/healthz');
    expect(status).toBe('ok');
    for (const { last_error } of jobs) expect(last_error).toBeNull();
  });

  it('24: the clock is set forward', async () => {
    const run = await play('24-clock-set-forward');
    await run.until(300);
    expect(run.messages()).toEqual([]);
    const { open, history } = await run.alerts();
    expect([...open, ...history]).toEqual([]);
    const { status } = await run.api('/healthz');
    expect(status).toBe('ok');
    const looks = run.requests.filter(({ url }) => url.endsWith('/status')).length;
    expect(looks).toBeGreaterThanOrEqual(29);
  });

  it('25: a site that goes dark is one message, and its recovery is one', async () => {
    const run = await play('25-a-site-goes-dark');
    await run.until(180);
    expect(run.messages()).toHaveLength(1);
    for (let i = 0; i < 8; i++) expect(run.messages()[0]?.text).toContain(`site-srv-${i}`);
    expect((await run.alerts()).firing).toHaveLength(8);
    await run.until(650);
    run.change({ pings: { '100.64.0.21': 'silent' }, peers: { nH0MExCNTRL: { Online: false } } });
    await run.until(800);
    expect(run.messages()).toHaveLength(2);
    expect(run.messages()[1]?.text).toContain('home is offline');
    expect(run.messages()[1]?.text).not.toContain('site-srv');
    const site = Array.from({ length: 8 }, (_, i) => [`nS1TE${i}CNTRL`, { Online: true }] as const);
    const answering = Array.from(
      { length: 8 },
      (_, i) => [`100.64.0.${i + 2}`, { ms: 9 }] as const,
    );
    run.change({ peers: Object.fromEntries(site), pings: Object.fromEntries(answering) });
    await run.until(900);
    expect(run.messages()).toHaveLength(3);
    for (let i = 0; i < 8; i++) expect(run.messages()[2]?.text).toContain(`site-srv-${i}`);
  });

  it('26: the first recovery is notified at once', async () => {
    const run = await play('26-recovery-within-a-minute');
    await run.until(160);
    expect(run.messages().map(({ text }) => text.split('\n')[0])).toEqual([
      expect.stringContaining('nas is offline'),
      expect.stringMatching(/nas is (back )?online/),
    ]);
    expect(run.messages()[1]?.at).toBeLessThanOrEqual(150);
  });

  it('26: a second outage is notified too', async () => {
    const run = await play('26-recovery-within-a-minute');
    await run.until(160);
    run.change({ peers: { nNASxxCNTRL: { Online: false } }, pings: { '100.64.0.3': 'silent' } });
    await run.until(260);
    expect(run.messages()).toHaveLength(3);
    expect(run.messages()[2]?.text).toMatch(/nas/);
  });

  it.each([30, 60])('26: a device that flaps each %i s makes few messages', async (every) => {
    const scenario = readScenario('26-recovery-within-a-minute');
    const [first] = scenario.steps;
    const flaps = Array.from({ length: Math.floor(900 / every) }, (_, i): Step => {
      const Online = i % 2 === 1;
      return { at: 20 + i * every, peers: { nNASxxCNTRL: { Online } } };
    });
    const last: Step = { at: 940, peers: { nNASxxCNTRL: { Online: true } } };
    const flapping: Scenario = { ...scenario, steps: [...(first ? [first] : []), ...flaps, last] };
    const run = await play(flapping);
    await run.until(3_600);
    expect(run.messages().length).toBeLessThanOrEqual(4);
    expect(run.messages().at(-1)?.text).toMatch(/\d+\stimes/);
    expect((await run.alerts()).firing).toEqual([]);
  });
});
