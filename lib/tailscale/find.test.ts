import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { onWindows } from '../../e2e/fakes/systems';
import { type FakeTailscaled, fakeTailscaled } from '../../e2e/fakes/tailscaled';
import { findTailscale } from './find';
import { fakeCommand } from './test-doubles';

beforeEach(({ skip }) => skip(onWindows, 'the fake command is a shell script'));

let tailscaled: FakeTailscaled;
let command: string;
let searchPath: string;
beforeEach(async () => {
  tailscaled = await fakeTailscaled();
  const script = fakeCommand('cat "$F/netcheck.json"');
  command = script.command;
  searchPath = `/nonexistent:${join(command, '..')}`;
  return async () => {
    await tailscaled.close();
    await script.close();
  };
});

const nothing = { knownSockets: [], searchPath: '', demo: 'auto' } as const;

describe('findTailscale', () => {
  it('lets explicit settings win: socket, then proxy, then command', async () => {
    const all = {
      ...nothing,
      socket: '/explicit.sock',
      proxyUrl: 'http://127.0.0.1:8765',
      cli: '/explicit/tailscale',
      knownSockets: [tailscaled.socketPath],
      searchPath,
    };
    const found = async (options: Parameters<typeof findTailscale>[0]) => {
      const tailscale = await findTailscale(options);
      return `${tailscale?.source} ${tailscale?.location}`;
    };
    expect(await found(all)).toBe('localapi /explicit.sock');
    expect(await found({ ...all, socket: undefined })).toBe('sidecar http://127.0.0.1:8765');
    const noProxy = { ...all, socket: undefined, proxyUrl: undefined };
    expect(await found(noProxy)).toBe('cli /explicit/tailscale');
    expect(await found({ ...noProxy, cli: undefined })).toBe(`localapi ${tailscaled.socketPath}`);
    expect(await found({ ...noProxy, cli: undefined, knownSockets: [] })).toBe(`cli ${command}`);
    expect(await found(nothing)).toBe('demo a simulated tailnet');
  });

  it('takes an empty setting for one that is not set', async () => {
    const options = { ...nothing, socket: '', proxyUrl: '', cli: '', searchPath };
    expect((await findTailscale(options))?.location).toBe(command);
  });

  it('gives the socket the command it needs for netcheck', async () => {
    const options = { ...nothing, knownSockets: [tailscaled.socketPath], searchPath };
    const tailscale = await findTailscale(options);
    expect(await tailscale?.netcheck()).toMatchObject({ udp: true });
  });

  it('takes a socket nobody listens on for a tailnet that is down, never for a demo', async () => {
    await tailscaled.stop({ leaveSocket: true });
    const tailscale = await findTailscale({ ...nothing, knownSockets: [tailscaled.socketPath] });
    expect(tailscale?.source).toBe('localapi');
    await expect(tailscale?.status()).rejects.toThrow('Nothing listens');
  });

  it('passes over what is no socket and no program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'find-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'tailscale'), '');
    chmodSync(join(folder, 'tailscale'), 0o644);
    const options = { ...nothing, knownSockets: [join(folder, 'tailscale')], searchPath: folder };
    expect((await findTailscale(options))?.source).toBe('demo');
  });

  it('forces the demo over everything, and never shows it unasked', async () => {
    const everything = { ...nothing, socket: tailscaled.socketPath, searchPath };
    expect((await findTailscale({ ...everything, demo: 'force' }))?.source).toBe('demo');
    expect(await findTailscale({ ...nothing, demo: 'never' })).toBeNull();
    expect((await findTailscale({ ...everything, demo: 'never' }))?.source).toBe('localapi');
  });
});
