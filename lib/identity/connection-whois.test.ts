import { describe, expect, it } from 'vitest';
import { TailscaleError } from '../tailscale/tailscale';
import { ConnectionWhois } from './connection-whois';

describe('whois of connections', () => {
  it('is asked again after it failed, and not again once it is known that nobody is there', async () => {
    let asked = 0;
    const whois = new ConnectionWhois({
      whois: async () => {
        if (++asked === 1) throw new TailscaleError('timeout', 'tailscaled did not answer');
        return null;
      },
    });
    const connection = {};
    await expect(whois.whois(connection, '127.0.0.1', 1)).rejects.toThrow('did not answer');
    expect(await whois.whois(connection, '127.0.0.1', 1)).toBeNull();
    expect(await whois.whois(connection, '127.0.0.1', 1)).toBeNull();
    expect(asked).toBe(2);
    // By now the port may belong to another connection.
    expect(await whois.whois({}, '127.0.0.1', 1)).toBeNull();
    expect(asked).toBe(3);
  });
});
