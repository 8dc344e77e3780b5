import type { Facts, MapFacts } from '../domain/inventory';
import { demoNodes } from './demo-nodes';

// What the simulated network map says of each node, by host name.

const debian = { os_version: '6.12.48+deb13-amd64', distro: 'debian', distro_version: '13.1' };
const pi = { os_version: '6.12.47+rpt-rpi-v8', distro: 'raspbian', distro_version: '12' };
const server: Facts = { ...debian, arch: 'x86_64', container: 'no', nat: 'easy' };

const SAID: Readonly<Record<string, Facts>> = {
  'chocolate-factory': { ...server, version: '1.102.5', services: 'tcp 22 sshd, tcp 443 nginx' },
  git: { ...server, version: '1.102.5', services: 'tcp 22 sshd, tcp 3000 gitea' },
  'chocolate-factory-dev': { ...server, version: '1.102.5', container: 'yes' },
  nas: {
    ...{ os_version: '5.10.55+', distro: 'synology', distro_version: '7.2.2', arch: 'x86_64' },
    ...{ version: '1.58.2', container: 'no', nat: 'easy', routes_offered: '192.168.10.0/24' },
  },
  'exit-ams': { ...server, version: '1.100.2', exit_node_offered: 'yes' },
  'alice-laptop': { version: '1.102.5', os_version: '26.1.0', arch: 'arm64', nat: 'easy' },
  'alice-phone': { version: '1.102.4', os_version: '26.1', arch: 'arm64', nat: 'hard' },
  'bob-desktop': { version: '1.98.3', os_version: '10.0.26100.6899', arch: 'x86_64', nat: 'easy' },
  'bob-laptop': { version: '1.102.5', os_version: '10.0.22631.5039', arch: 'x86_64', nat: 'hard' },
  'ci-runner': {
    ...{ os_version: '6.8.0-86-generic', distro: 'alpine', distro_version: '3.22.2' },
    ...{ arch: 'x86_64', version: '1.102.5', container: 'yes', nat: 'hard' },
  },
  'workshop-pi': { ...pi, version: '1.96.4', arch: 'aarch64', container: 'no', nat: 'easy' },
  'old-tablet': { version: '1.84.1', os_version: '13', arch: 'aarch64', nat: 'easy' },
  'greenhouse-pi': {
    ...{ ...pi, version: '1.102.5', arch: 'aarch64', container: 'no', nat: 'easy' },
    routes_offered: '192.168.20.0/24',
  },
  'garage-cam': { ...pi, version: '1.90.9', arch: 'armv7l', container: 'no', nat: 'easy' },
};

/** Returns the simulated network map: nothing about devices of other tailnets, as with a real one. */
export function demoMap(): MapFacts {
  return new Map(
    demoNodes.flatMap(({ id, hostname, addresses }): [string, Facts][] => {
      const said = SAID[hostname];
      const none = { routes_offered: '', exit_node_offered: 'no', services: '' };
      const key = Buffer.from(addresses[1]).toString('hex').slice(-12);
      return said ? [[id, { ...none, key, ...said }]] : [];
    }),
  );
}
