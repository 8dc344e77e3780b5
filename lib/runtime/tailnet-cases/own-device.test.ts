import { describe, expect, it } from 'vitest';
import { player, SHORT_ROUNDS } from '../../../e2e/harness/tailnet/cases';
import type { Played } from '../../../e2e/harness/tailnet/product';

const SERVERS = ['nSRVx0CNTRL', 'nSRVx1CNTRL', 'nSRVx2CNTRL'];

/** Expects all devices except our own to be unknown: neither online nor offline. */
async function expectUnknown(run: Played): Promise<void> {
  const { nodes } = await run.api('/health-monitoring/nodes');
  for (const node of nodes) expect(node).toMatchObject({ state: 'unknown', online: null });
  const { devices, counts } = await run.api('/analytics/devices');
  for (const device of devices.filter(({ self }) => !self)) expect(device.online).toBeNull();
  expect(counts.online).toBeLessThanOrEqual(1);
}

/** Expects that no alert of a server was ever open, no round counted as offline, and uptime is complete. */
async function expectServersUntouched(run: Played, hostnames: readonly string[]): Promise<void> {
  const { open, history } = await run.alerts();
  for (const alert of [...open, ...history]) expect(hostnames).not.toContain(alert.node_id);
  for (const hostname of hostnames) {
    const { uptime, rounds } = await run.api(
      '/health-monitoring/uptime/{hostname}',
      {},
      { hostname },
    );
    expect([uptime, rounds.offline]).toEqual([1, 0]);
  }
  const kinds = (await run.events()).map(({ kind }) => kind);
  for (const kind of ['node_offline', 'node_removed', 'node_added'])
    expect(kinds).not.toContain(kind);
}

const problemsOf = async (run: Played) => {
  const { status, problems } = await run.api('/healthz');
  return { status, said: problems.map(({ message }) => message).join('\n') };
};

describe('our own device is judged first', () => {
  const play = player();

  it('09: our own internet is down', async () => {
    const run = await play('09-own-internet-down', SHORT_ROUNDS);
    await run.until(160);
    const sent = run.messages();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toMatch(/network|connection|internet/i);
    expect(sent[0]?.text).not.toContain('server-');
    expect(sent[0]?.at).toBeLessThan(160);
    const { status, said } = await problemsOf(run);
    expect(status).toBe('degraded');
    expect(said).toMatch(/network|connection|internet/i);
    await expectUnknown(run);
    await run.until(230);
    expect(run.messages().length).toBeLessThanOrEqual(2);
    expect((await run.alerts()).open).toEqual([]);
    expect((await problemsOf(run)).status).toBe('ok');
    await expectServersUntouched(run, SERVERS);
  });

  it('10: logged out', async () => {
    const run = await play('10-logged-out');
    await run.until(74);
    const [before] = (await run.alerts()).firing;
    expect(before?.hostname).toBe('nas');
    expect(run.messages()).toHaveLength(1);
    await run.until(165);
    const { status, said } = await problemsOf(run);
    expect(status).toBe('degraded');
    expect(said).toMatch(/logged out/i);
    expect(said).not.toMatch(/does not answer/);
    expect(await run.metric('up')).toBe(0);
    const sent = run.messages().slice(1);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toMatch(/logged out/i);
    await expectUnknown(run);
    expect((await run.alerts()).firing.map(({ id }) => id)).toContain(before?.id);
    await run.until(300);
    const kinds = (await run.events()).map(({ kind }) => kind);
    expect(kinds).not.toContain('node_removed');
    expect(kinds).not.toContain('node_added');
    expect((await run.alerts()).firing.map(({ id, hostname }) => [id, hostname])).toEqual([
      [before?.id, 'nas'],
    ]);
    expect(run.messages().filter(({ text }) => text.includes('nas is offline'))).toHaveLength(1);
    expect((await problemsOf(run)).status).toBe('ok');
  });

  it('11: the key of our own device has expired', async () => {
    const run = await play('11-own-key-expired', SHORT_ROUNDS);
    await run.until(40);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toMatch(/key of monitor expires/);
    await run.until(155);
    const after = run.messages().slice(1);
    expect(after.length).toBeGreaterThanOrEqual(1);
    expect(after.length).toBeLessThanOrEqual(2);
    expect(after[0]?.text).toMatch(/key.*expired/);
    const { status, said } = await problemsOf(run);
    expect([status, said]).toEqual(['degraded', expect.stringMatching(/key.*expired/)]);
    await expectUnknown(run);
    await run.until(220);
    expect((await run.alerts()).open).toEqual([]);
    await expectServersUntouched(run, SERVERS);
  });

  it('12: tailscale down', async () => {
    const run = await play('12-stopped', SHORT_ROUNDS);
    await run.until(148);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toMatch(/stopped/);
    const { status, said } = await problemsOf(run);
    expect([status, said]).toEqual(['degraded', expect.stringMatching(/stopped/)]);
    await expectUnknown(run);
    await run.until(210);
    expect(run.messages().length).toBeLessThanOrEqual(2);
    expect((await run.alerts()).open).toEqual([]);
    await expectServersUntouched(run, SERVERS);
  });

  it('13: tailscaled starts before the network', async () => {
    const run = await play('13-no-state-at-boot');
    await run.until(74);
    const [before] = (await run.alerts()).firing;
    expect(before?.hostname).toBe('nas');
    await run.until(110);
    expect((await problemsOf(run)).status).toBe('degraded');
    expect((await run.alerts()).firing.map(({ id }) => id)).toContain(before?.id);
    await run.until(220);
    expect((await problemsOf(run)).status).toBe('ok');
    const kinds = (await run.events()).map(({ kind }) => kind);
    expect(kinds).not.toContain('node_removed');
    expect(kinds).not.toContain('node_added');
    const { firing } = await run.alerts();
    expect(firing.map(({ id }) => id)).toEqual([before?.id]);
    expect(run.messages().filter(({ text }) => text.includes('nas is offline'))).toHaveLength(1);
  });

  it('14: no contact with the coordination server', async () => {
    const run = await play('14-self-offline', SHORT_ROUNDS);
    await run.until(14);
    expect((await problemsOf(run)).status).toBe('ok');
    await run.until(195);
    const { status, said } = await problemsOf(run);
    expect([status, said]).toEqual(['degraded', expect.stringMatching(/coordination server/)]);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toMatch(/coordination server/);
    const { nodes } = await run.api('/health-monitoring/nodes');
    expect(nodes.map(({ online, path }) => [online, path])).toEqual([
      [true, 'direct'],
      [true, 'direct'],
    ]);
    await run.until(559);
    expect(run.messages()).toHaveLength(1);
    await run.until(585);
    expect((await problemsOf(run)).status).toBe('ok');
    await expectServersUntouched(run, ['nG1TxxCNTRL', 'nNASxxCNTRL']);
  });

  it('15: all peers are gone', async () => {
    const run = await play('15-all-peers-gone');
    await run.until(130);
    expect(run.messages()).toHaveLength(1);
    expect(run.messages()[0]?.text).toMatch(/locked out/);
    const { status, said } = await problemsOf(run);
    expect([status, said]).toEqual(['degraded', expect.stringMatching(/locked out/)]);
    await run.until(200);
    expect((await run.alerts()).open).toEqual([]);
    expect((await problemsOf(run)).status).toBe('ok');
    const kinds = (await run.events()).map(({ kind }) => kind);
    expect(kinds).not.toContain('node_removed');
    expect(kinds).not.toContain('node_added');
  });

  it('16: health messages that count are one warning each', async () => {
    const run = await play('16-health-text-with-a-duration', { LOG_LEVEL: 'info' });
    await run.until(75);
    const { tailscale } = await run.api('/healthz');
    expect(tailscale.health.join('\n')).toContain('in 3m0s');
    await run.until(240);
    const health = (await run.events()).filter(({ kind }) => kind === 'tailscaled_health');
    expect(health.filter(({ after }) => after !== null)).toHaveLength(2);
    expect(health.filter(({ after }) => after === null)).toHaveLength(2);
    const logged = (await run.logLines()).filter(({ logger }) => logger === 'tailscaled');
    expect(logged.filter(({ level }) => level === 'WARNING')).toHaveLength(2);
    expect(logged.filter(({ level }) => level === 'INFO')).toHaveLength(2);
  });
});
