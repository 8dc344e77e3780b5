import { describe, expect, it } from 'vitest';
import { type AnsibleDevice, ansibleInventory, ansibleYaml } from './ansible';

const device = (id: string, more: Partial<AnsibleDevice> = {}): AnsibleDevice => ({
  ...{ id, name: id, dnsName: `${id}.tail1.ts.net`, addresses: ['100.64.0.1', 'fd7a::1'] },
  ...{ owner: 'alice@example.com', tags: [], os: 'linux', version: '1.102.5', online: true },
  classification: 'own',
  ...more,
});

describe('an inventory for Ansible', () => {
  it('has own devices with their variables, in groups by system and tag', () => {
    const { all } = ansibleInventory([
      device('git', { tags: ['tag:server', 'tag:lab-1'], owner: null }),
      device('mac', { os: 'macOS', version: null, online: null }),
      device('theirs', { classification: 'shared' }),
      device('visitor', { classification: 'external' }),
    ]);
    expect(Object.keys(all.hosts)).toEqual(['git', 'mac']);
    expect(all.hosts.git).toEqual({
      ansible_host: '100.64.0.1',
      tailscale_id: 'git',
      tailscale_dns_name: 'git.tail1.ts.net',
      tailscale_addresses: ['100.64.0.1', 'fd7a::1'],
      tailscale_owner: null,
      tailscale_tags: ['tag:server', 'tag:lab-1'],
      tailscale_os: 'linux',
      tailscale_version: '1.102.5',
      tailscale_online: true,
    });
    expect(all.children).toEqual({
      os_linux: { hosts: { git: {} } },
      os_macOS: { hosts: { mac: {} } },
      tag_lab_1: { hosts: { git: {} } },
      tag_server: { hosts: { git: {} } },
    });
  });

  it('has no name that Ansible would take for a pattern, a port, an option or a template', () => {
    const hostile = ['db[1:3]', '-e@x', 'a:22', "{{ lookup('pipe','id') }}", 'ñandú', '', 'all,x'];
    const { all } = ansibleInventory(
      hostile.map((name, i) =>
        device(`n${i}`, { name, os: '{% x %}', tags: [`tag:${name}`], version: name }),
      ),
    );
    expect(Object.keys(all.hosts)).toHaveLength(hostile.length);
    for (const name of Object.keys(all.hosts)) expect(name).toMatch(/^[A-Za-z0-9][\w.-]*$/);
    for (const group of Object.keys(all.children)) expect(group).toMatch(/^[A-Za-z_]\w*$/);
    expect(JSON.stringify(Object.values(all.hosts).map((host) => Object.values(host)))).not.toMatch(
      /[{}]/,
    );
  });

  it('keeps devices of one name apart', () => {
    const { all } = ansibleInventory([
      device('n2', { name: 'pi' }),
      device('n1', { name: 'pi' }),
      device('n3', { name: '__proto__' }),
    ]);
    expect(Object.keys(all.hosts)).toEqual(['pi', 'pi-n2', 'proto__']);
  });

  it('is written as YAML with all text quoted', () => {
    const yaml = ansibleYaml(ansibleInventory([device('git', { tags: ['tag:server'] })]));
    expect(yaml).toBe(
      [
        ...['"all":', '  "hosts":', '    "git":', '      "ansible_host": "100.64.0.1"'],
        ...['      "tailscale_id": "git"', '      "tailscale_dns_name": "git.tail1.ts.net"'],
        '      "tailscale_addresses": ["100.64.0.1","fd7a::1"]',
        '      "tailscale_owner": "alice@example.com"',
        ...['      "tailscale_tags": ["tag:server"]', '      "tailscale_os": "linux"'],
        ...['      "tailscale_version": "1.102.5"', '      "tailscale_online": true'],
        ...['  "children":', '    "os_linux":', '      "hosts":', '        "git": {}'],
        ...['    "tag_server":', '      "hosts":', '        "git": {}', ''],
      ].join('\n'),
    );
  });
});
