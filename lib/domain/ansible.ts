import type { Classification } from './device';
import { olderFirst } from './versions';

/** A device as an inventory for Ansible needs it. */
export type AnsibleDevice = {
  id: string;
  name: string;
  dnsName: string;
  addresses: readonly string[];
  owner: string | null;
  tags: readonly string[];
  os: string;
  version: string | null;
  online: boolean | null;
  classification: Classification;
};

type Values = Record<string, string | boolean | null | readonly string[]>;
type Hosts = Record<string, Values>;
/** What Ansible's `yaml` plugin reads, as JSON too. */
export type AnsibleInventory = {
  all: { hosts: Hosts; children: Record<string, { hosts: Hosts }> };
};

/**
 * Returns the tailnet's own devices as an inventory, in groups by operating system and tag. A device says of itself
 * what it is called: nothing of it becomes a pattern or a template, which Ansible would run.
 */
export function ansibleInventory(devices: readonly AnsibleDevice[]): AnsibleInventory {
  const hosts = new Map<string, Values>();
  const groups = new Map<string, string[]>();
  const own = devices.filter(({ classification }) => classification === 'own');
  for (const device of [...own].sort((a, b) => olderFirst(a.id, b.id))) {
    const name = unusedName(hostName(device.name), device.id, hosts);
    hosts.set(name, variables(device));
    const { os, tags } = device;
    for (const group of [os === '' ? 'os_unknown' : `os ${os}`, ...tags]) {
      groups.set(groupName(group), [...(groups.get(groupName(group)) ?? []), name]);
    }
  }
  const children = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, names]) => [group, { hosts: Object.fromEntries(names.map((n) => [n, {}])) }]);
  return { all: { hosts: Object.fromEntries(hosts), children: Object.fromEntries(children) } };
}

function variables(device: AnsibleDevice): Values {
  const { id, dnsName, addresses, owner, tags, os, version, online } = device;
  return {
    ansible_host: harmless(addresses[0] ?? dnsName),
    tailscale_id: harmless(id),
    tailscale_dns_name: harmless(dnsName),
    tailscale_addresses: addresses.map(harmless),
    tailscale_owner: owner === null ? null : harmless(owner),
    tailscale_tags: tags.map(harmless),
    tailscale_os: harmless(os),
    tailscale_version: version === null ? null : harmless(version),
    tailscale_online: online,
  };
}

/** Letters, digits, dots, dashes and underscores: brackets would be a range of hosts, and a colon a port. */
function hostName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^[^A-Za-z0-9]+/, '') || 'device';
}

/** A group is named like a variable in Python. */
const groupName = (name: string) => name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');

function unusedName(name: string, id: string, hosts: ReadonlyMap<string, Values>): string {
  return hosts.has(name) ? hostName(`${name}-${id}`) : name;
}

/** Without the braces that begin a template. */
const harmless = (words: string) => words.replace(/[{}]/g, '');

/** Returns the inventory as YAML; all text is quoted as in JSON, which is valid there. */
export function ansibleYaml(inventory: AnsibleInventory): string {
  return yamlOf({ ...inventory }, '');
}

function yamlOf(entries: object, indent: string): string {
  return Object.entries(entries)
    .map(([name, value]: [string, unknown]) => {
      const key = `${indent}${JSON.stringify(name)}:`;
      const isMap = value instanceof Object && !Array.isArray(value);
      if (!isMap || Object.keys(value).length === 0) return `${key} ${JSON.stringify(value)}\n`;
      return `${key}\n${yamlOf(value, `${indent}  `)}`;
    })
    .join('');
}
