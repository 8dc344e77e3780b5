import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';

describe('which devices are watched', () => {
  const play = player();

  it('19: those named in any way; a name that matches nothing is said', async () => {
    const run = await play('19-critical-nodes-unmatched');
    await run.until(30);
    expect(Object.keys(run.pinged()).sort()).toEqual([
      '100.64.0.2',
      '100.64.0.4',
      '100.64.0.5',
      '100.64.0.6',
    ]);
    const { problems } = await run.api('/healthz');
    const said = problems.map(({ message }) => message).join('\n');
    expect(said).toContain('gti');
    expect(said).toContain('git');
    for (const name of ['diskstation', 'erics-pc', 'tag:server']) expect(said).not.toContain(name);
    run.change({ peers: { nNASxxCNTRL: null } });
    await run.until(60);
    const after = (await run.api('/healthz')).problems.map(({ message }) => message).join('\n');
    expect(after).toMatch(/\bnas\b/);
  });

  it('20: all, though they are more than fifty, whatever the order of their keys', async () => {
    const run = await play('20-more-than-fifty-servers', SHORT_ROUNDS);
    await run.until(9);
    expect(Object.keys(run.pinged())).toHaveLength(60);
    await run.until(85);
    expect((await run.alerts()).firing.map(({ hostname }) => hostname)).toEqual(['srv-00']);
    await run.until(140);
    expect((await run.alerts()).firing).toEqual([]);
    const { critical } = await run.api('/health-monitoring/summary');
    expect(critical).toBe(60);
  });

  it('21: an alert ends when its device is not watched any more', async () => {
    const run = await play('21-no-longer-critical');
    await run.until(89);
    expect((await run.alerts()).firing.map(({ hostname }) => hostname)).toEqual(['old-pi']);
    await run.until(150);
    const { firing, history } = await run.alerts();
    expect(firing).toEqual([]);
    expect(JSON.stringify(history[0]?.evidence)).toContain('no longer watched');
    expect((await run.api('/health-monitoring/summary')).alerts_firing).toBe(0);
    await run.until(240);
    expect((await run.alerts()).open).toEqual([]);
  });

  it('28: CI runners that come and go are no outages', async () => {
    const run = await play('28-ephemeral-runners');
    await run.until(320);
    const texts = run.messages().map(({ text }) => text);
    expect(texts.filter((text) => text.includes('github-runner')).length).toBeLessThanOrEqual(1);
    expect(texts.some((text) => text.includes('git is offline'))).toBe(true);
    expect((await run.alerts()).firing.map(({ hostname }) => hostname)).toEqual(['git']);
  });

  it('28: but a runner that a setting names is watched', async () => {
    const run = await play('28-ephemeral-runners', { CRITICAL_NODES: 'git,github-runner-0' });
    await run.until(150);
    expect((await run.alerts()).firing.map(({ hostname }) => hostname)).toEqual([
      'github-runner-0',
    ]);
  });

  it('29: machines off for months are no news at the first start', async () => {
    const run = await play('29-off-for-months');
    await run.until(200);
    expect(run.messages().length).toBeLessThanOrEqual(1);
    const { nodes } = await run.api('/health-monitoring/nodes');
    const old = nodes.filter(({ hostname }) => hostname.startsWith('old-vm'));
    expect(old.map(({ online }) => online)).toEqual([false, false, false]);
    const { devices } = await run.api('/analytics/devices');
    const since = devices.find(({ hostname }) => hostname === 'old-vm-0')?.last_seen;
    expect(Date.now() - Date.parse(since ?? '')).toBeGreaterThan(199 * 86_400_000);
    run.change({ peers: { n0LD0xCNTRL: { Online: true } } });
    await run.until(300);
    run.change({ peers: { n0LD0xCNTRL: { Online: false, LastSeen: 'now' } } });
    await run.until(400);
    expect(run.messages().at(-1)?.text).toContain('old-vm-0 is offline');
  });

  it('27: keys of forgotten machines, and of those that are not ours, ask for nothing', async () => {
    const run = await play('27-keys-of-forgotten-machines');
    await run.until(120);
    const { open } = await run.alerts();
    expect(open.map(({ rule, hostname }) => [rule, hostname])).toEqual([
      ['key_expiring', 'expired-online'],
    ]);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toContain('expired-online');
  });
});
