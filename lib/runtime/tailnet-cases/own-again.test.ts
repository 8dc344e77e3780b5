import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';
import type { Played } from '../../../e2e/harness/tailnet/product';
import type { Step } from '../../../e2e/harness/tailnet/scenario';

const peer = (name: string, i: number, more: object = {}) => ({
  HostName: name,
  DNSName: `${name}.tail1234.ts.net.`,
  TailscaleIPs: [`100.64.0.${i}`],
  ...more,
});
const TWO = { nA: peer('web-a', 2), nB: peer('web-b', 3) };
const RELAY =
  "Tailscale could not connect to the 'Frankfurt' relay server. Your Internet connection might be down, or the server might be temporarily unavailable.";
const LOGGED_OUT = { status: { BackendState: 'NeedsLogin', Peer: null }, self: { ID: '' } };
const AGAIN = { status: 'as at 0', self: 'as at 0' } as const;
const titlesOf = (run: Played) => run.messages().map(({ text }) => text.split('\n')[0]);
const healthEvents = async (run: Played) =>
  (await run.events()).filter(({ kind }) => kind === 'tailscaled_health');

describe('our own device has another problem than before', () => {
  const play = player();

  it('logged out while the coordination server was out of reach: both are notified, their end once', async () => {
    const run = await play({ steps: [{ at: 0, peers: TWO }] }, SHORT_ROUNDS);
    await run.until(40);
    run.change({ self: { Online: false } });
    await run.until(300);
    run.change(LOGGED_OUT);
    await run.until(400);
    expect(titlesOf(run)).toEqual([
      expect.stringContaining('cannot reach the coordination server'),
      expect.stringContaining('logged out'),
    ]);
    run.change(AGAIN);
    await run.until(460);
    expect(titlesOf(run).slice(2)).toEqual([expect.stringContaining('connected')]);
    expect((await run.alerts()).firing).toEqual([]);
  });

  it('logged out minutes after it was stopped: that is no repetition', async () => {
    const run = await play({ steps: [{ at: 0, peers: TWO }] }, SHORT_ROUNDS);
    await run.until(40);
    run.change({ status: { BackendState: 'Stopped' }, self: { Online: false } });
    await run.until(120);
    run.change(AGAIN);
    await run.until(200);
    run.change(LOGGED_OUT);
    await run.until(300);
    expect(titlesOf(run)).toEqual([
      expect.stringContaining('stopped'),
      expect.stringContaining('connected'),
      expect.stringContaining('logged out'),
    ]);
  });
});

describe('warnings that come and go', () => {
  const play = player();
  const each = (seconds: number, times: number): Step[] =>
    Array.from({ length: times }, (_, i) => ({
      at: 40 + i * seconds,
      Health: i % 2 === 0 ? [RELAY] : [],
    }));

  it('begin once and end once, until one lasts', async () => {
    const steps = [{ at: 0, peers: TWO }, ...each(20, 40)];
    const run = await play({ steps }, SHORT_ROUNDS);
    await run.until(850);
    expect((await healthEvents(run)).map(({ after }) => after)).toEqual([RELAY, null]);
    run.change({ Health: [RELAY] });
    await run.until(900);
    expect(await healthEvents(run)).toHaveLength(2);
    await run.until(930);
    expect((await healthEvents(run)).map(({ after }) => after)).toEqual([RELAY, null, RELAY]);
    run.change({ Health: [] });
    await run.until(960);
    expect((await healthEvents(run)).at(-1)?.after).toBeNull();
  });

  it('are news again after ten quiet minutes', async () => {
    const run = await play({ steps: [{ at: 0, peers: TWO }, ...each(30, 2)] }, SHORT_ROUNDS);
    await run.until(720);
    run.change({ Health: [RELAY] });
    await run.until(740);
    expect((await healthEvents(run)).map(({ after }) => after)).toEqual([RELAY, null, RELAY]);
  });
});

describe('who is what', () => {
  const play = player();

  it('our own device is one, though it is among the peers too', async () => {
    const peers = { ...TWO, nSELF1CNTRL: peer('monitor', 1) };
    const run = await play({ steps: [{ at: 0, peers }] });
    await run.until(20);
    const { devices, counts } = await run.api('/analytics/devices');
    expect(counts).toMatchObject({ total: 3, online: 3 });
    expect(devices.filter(({ self }) => self)).toHaveLength(1);
    expect(run.pinged()).not.toHaveProperty('100.64.0.1');
  });

  it('the user of tagged devices is no person, where the tags are withheld too', async () => {
    const tagged = { ID: 2000, LoginName: 'tagged-devices', DisplayName: 'Tagged Devices' };
    const alice = { ID: 1001, LoginName: 'alice@example.com', DisplayName: 'Alice' };
    const visit = (from: string) => ({ from, hits: 1, status: 200 });
    const run = await play({
      steps: [
        {
          at: 0,
          status: { User: { '2000': tagged, '1001': alice } },
          peers: { ...TWO, nT: peer('t', 4, { UserID: 2000 }) },
        },
        { at: 2, visits: [visit('100.64.0.2'), visit('100.64.0.4')] },
      ],
    });
    await run.until(30);
    await run.until(60);
    const { people, servers } = await run.api('/analytics/dashboard-usage');
    expect({ people, servers }).toEqual({ people: 1, servers: 1 });
    expect((await run.api('/analytics/quota-status')).users.used).toBe(1);
  });

  it('thresholds may name a device by its address', async () => {
    const ALERT_THRESHOLDS = JSON.stringify({ '100.64.0.2': { offlineAfterMs: 60_000 } });
    const run = await play({ steps: [{ at: 0, peers: TWO }] }, { ALERT_THRESHOLDS });
    await run.until(40);
    run.change({ pings: { '100.64.0.2': 'silent', '100.64.0.3': 'silent' } });
    await run.until(240);
    expect(titlesOf(run)).toEqual([expect.stringContaining('web-a is offline')]);
  });
});
