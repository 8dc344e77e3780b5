import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { onWindows } from '../../e2e/fakes/systems';
import { cli } from './cli';
import { expectFailure, fakeCommand } from './test-doubles';

beforeEach(({ skip }) => skip(onWindows, 'the fake command is a shell script'));

/** The transport over a script in place of `tailscale`. */
function overScript(script: string, options: { timeoutMs?: number; socketPath?: string } = {}) {
  const fake = fakeCommand(script);
  onTestFinished(fake.close);
  return { ...fake, tailscale: cli({ command: fake.command, ...options }) };
}

describe('the command line', () => {
  it('is an argument vector, with the socket where one is given', async () => {
    const { tailscale, argv } = overScript('cat "$F/status-direct.json"', {
      socketPath: '/tmp/a b; echo $HOME.sock',
    });
    expect(tailscale).toMatchObject({
      source: 'cli',
      location: expect.stringContaining('tailscale'),
    });
    expect((await tailscale.status()).devices).toHaveLength(4);
    expect(argv()).toEqual(['--socket=/tmp/a b; echo $HOME.sock', 'status', '--json']);
  });

  it('never holds anything but an address where an address belongs', async () => {
    const { tailscale, argv } = overScript('exit 0');
    await expectFailure(tailscale.whois('--json'), 'unsupported');
    await expectFailure(tailscale.ping('$(reboot)', { count: 1 }), 'unsupported');
    expect(argv).toThrow('ENOENT');
  });
});

describe('whois', () => {
  it('reads the JSON form', async () => {
    const { tailscale, argv } = overScript('cat "$F/whois-git.json"');
    expect(await tailscale.whois('::ffff:100.64.0.2')).toMatchObject({
      nodeId: '2',
      device: 'git',
    });
    expect(argv()).toEqual(['whois', '--json', '100.64.0.2']);
  });

  it('says null of an address that nobody has', async () => {
    const { tailscale } = overScript('echo "peer not found" >&2; exit 1');
    expect(await tailscale.whois('100.64.9.9')).toBeNull();
  });
});

describe('ping', () => {
  it('asks for all pings, also past the first direct one, each with a time limit', async () => {
    const { tailscale, argv } = overScript('cat "$F/ping-direct.txt"');
    expect(await tailscale.ping('100.64.0.2', { count: 3 })).toHaveLength(3);
    expect(argv()).toEqual([
      'ping',
      '--c',
      '3',
      '--until-direct=false',
      '--timeout',
      '4833ms',
      '100.64.0.2',
    ]);
    await tailscale.ping('100.64.0.2', { count: 20 });
    expect(argv()).toContain('14');
  });

  it('counts the pongs whatever the exit code, and silence too', async () => {
    const relayed = overScript(
      'cat "$F/ping-relay.txt"; echo "direct connection not established" >&2; exit 1',
    );
    expect(await relayed.tailscale.ping('100.64.0.2', { count: 5 })).toHaveLength(5);
    const offline = overScript('cat "$F/ping-offline.txt"; exit 1');
    expect(await offline.tailscale.ping('100.64.0.4', { count: 2 })).toEqual(
      Array(2).fill({ ok: false, error: 'timed out' }),
    );
    const unknown = overScript('echo "no matching peer" >&2; exit 1');
    expect(await unknown.tailscale.ping('100.64.9.9', { count: 2 })).toEqual([
      { ok: false, error: 'no matching peer' },
    ]);
  });

  it('keeps what was printed before the time was up', async () => {
    const { tailscale } = overScript('cat "$F/ping-direct.txt"; exec sleep 30', { timeoutMs: 300 });
    expect(await tailscale.ping('100.64.0.2', { count: 5 })).toHaveLength(3);
  });
});

describe('netcheck and the DERP map', () => {
  it('are read, the warning on the other stream left aside', async () => {
    const netcheck = overScript('echo "# Warning: not stable" >&2; cat "$F/netcheck.json"');
    expect(await netcheck.tailscale.netcheck()).toMatchObject({ udp: true, preferredDerp: 4 });
    const map = overScript('cat "$F/derpmap.json"');
    expect(await map.tailscale.derpMap()).toEqual({ 999: { code: 'fra', name: 'Frankfurt lab' } });
    expect(map.argv()).toEqual(['debug', 'derp-map']);
  });
});

describe('every failure names the command and the remedy', () => {
  it('no such command', async () => {
    const failing = cli({ command: '/nonexistent/tailscale' });
    await expectFailure(failing.status(), 'unreachable', '/nonexistent/tailscale', 'TAILSCALE_CLI');
  });

  it('a file that is not a program', async () => {
    const { command } = overScript('');
    const file = join(command, '../plain');
    writeFileSync(file, 'x', { mode: 0o644 });
    await expectFailure(cli({ command: file }).status(), 'permission', file, 'chmod');
  });

  it('a tailscaled that does not run', async () => {
    const words = "failed to connect to local tailscaled; it doesn't appear to be running";
    const { tailscale, command } = overScript(`echo "${words}" >&2; exit 1`);
    await expectFailure(
      tailscale.status(),
      'unreachable',
      command,
      words,
      'systemctl start tailscaled',
    );
    await expectFailure(tailscale.ping('100.64.0.2', { count: 1 }), 'unreachable', words);
    const stopped = overScript('echo "Tailscale is stopped."; exit 1');
    await expectFailure(
      stopped.tailscale.ping('100.64.0.2', { count: 1 }),
      'unreachable',
      'tailscale up',
    );
  });

  it('a right that is missing, an old version, an unknown fault', async () => {
    const denied = overScript('echo "Access denied: watch IPN bus access denied" >&2; exit 1');
    await expectFailure(denied.tailscale.status(), 'permission', '--operator');
    const old = overScript('echo "flag provided but not defined: -json" >&2; exit 2');
    await expectFailure(old.tailscale.whois('100.64.0.2'), 'unsupported', 'tailscale update');
    const silent = overScript('exit 3');
    await expectFailure(silent.tailscale.derpMap(), 'bad_answer', 'exit code 3');
  });

  it('not the harmless warning before the reason', async () => {
    const netcheck = overScript(`
      echo '# Warning: this JSON format is not yet considered a stable interface' >&2
      echo 'Warning: client version "1.102.5" != tailscaled server version "1.100.0"' >&2
      echo '2026/11/27 10:05:05 No DERP map from tailscaled; using default.' >&2
      echo '2026/11/27 10:05:06 Failed to fetch a DERP map, so netcheck cannot continue.' >&2
      echo 'fetch prodDERPMap failed: Get "https://derp.example": dial tcp: connection refused' >&2
      exit 1`);
    const failure = netcheck.tailscale.netcheck();
    await expectFailure(failure, 'bad_answer', /dial tcp: connection refused/, /internet/);
    await expect(failure).rejects.not.toThrow(/Warning|systemctl|tailscale command\?/);
    const denied = overScript(`
      echo 'Warning: client version "1.102.5" != tailscaled server version "1.100.0"' >&2
      echo 'Access denied: checkprefs access denied' >&2
      echo "Use 'sudo tailscale down'." >&2; exit 1`);
    await expectFailure(denied.tailscale.status(), 'permission', 'Access denied', '--operator');
    const mute = overScript('echo "# Warning: not stable" >&2; exit 3');
    await expectFailure(mute.tailscale.netcheck(), 'bad_answer', 'exit code 3');
  });

  it('a signal, which is no time limit', async () => {
    const { tailscale } = overScript('kill -TERM $$');
    await expectFailure(tailscale.netcheck(), 'unreachable', 'ended by SIGTERM');
  });

  it('a command that hangs is killed', async () => {
    const { tailscale } = overScript('exec sleep 30', { timeoutMs: 200 });
    const started = performance.now();
    await expectFailure(tailscale.status(), 'timeout', 'status --json', /0.2 s/);
    await expectFailure(tailscale.ping('100.64.0.2', { count: 1 }), 'timeout');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('garbage, and more of it than fits', async () => {
    const garbage = overScript('echo hello; exit 0');
    await expectFailure(garbage.tailscale.status(), 'bad_answer', 'not JSON', 'hello');
    const flood = overScript('head -c 2000000 /dev/zero');
    await expectFailure(flood.tailscale.derpMap(), 'bad_answer', 'more than 1024 KiB');
  });
});
