'use client';

import type { ReactNode } from 'react';
import type { DeviceResponse } from '@/lib/api/schemas';
import { formatBytes } from '@/lib/domain/format';
import { useClock } from '../../../_ui/clock';
import { Panel } from '../../../_ui/panel';
import { PathState } from '../../../_ui/path-state';
import { RelativeTime } from '../../../_ui/relative-time';
import { keyEndsSoon } from '../../device-order';
import styles from './node-facts.module.css';
import { PingNow } from './ping-now';

/** All that is known of a node. */
export function NodeFacts({
  device,
  critical,
  lastHandshake,
}: {
  device: DeviceResponse;
  critical: boolean;
  /** As of when the page was loaded; ISO 8601. */
  lastHandshake: string | null;
}) {
  return (
    <Panel title="The node">
      <dl className={styles.facts}>
        <Fact name="Addresses">
          {device.addresses.map((address) => (
            <code key={address}>{address}</code>
          ))}
        </Fact>
        {device.dns_name && <Fact name="DNS name">{device.dns_name}</Fact>}
        {device.user && (
          <Fact name="Owner">
            <a href={`/vpn?${new URLSearchParams({ user: device.user.login })}`}>
              <bdi>{device.user.name || device.user.login}</bdi>
            </a>
            {device.user.name && <small>{device.user.login}</small>}
          </Fact>
        )}
        {device.tags.length > 0 && (
          <Fact name="Tags">
            {device.tags.map((tag) => (
              <code key={tag}>{tag}</code>
            ))}
          </Fact>
        )}
        <Fact name="System">{device.os || 'not known'}</Fact>
        <Fact name="Class">{CLASSES[device.classification]}</Fact>
        <Fact name="Key expires">
          <Expiry device={device} />
        </Fact>
        {device.subnet_routes.length > 0 && (
          <Fact name="Routes">
            {device.subnet_routes.map((route) => (
              <code key={route}>{route}</code>
            ))}
          </Fact>
        )}
        {device.exit_node && <Fact name="Exit node">offered</Fact>}
        {!device.self && (
          <>
            <Fact name="Path in use">
              <PathState path={device.path} />
              {device.endpoint && <code>{device.endpoint}</code>}
            </Fact>
            {device.relay_region && (
              <Fact name={device.path === 'relay' ? 'Relay' : 'Home relay'}>
                DERP {device.relay_region}
              </Fact>
            )}
            <Fact name="Traffic">
              {device.rx_bytes + device.tx_bytes > 0
                ? `${formatBytes(device.rx_bytes)} received, ${formatBytes(device.tx_bytes)} sent`
                : 'none since tailscaled started'}
            </Fact>
            <Fact name="Last handshake">
              {lastHandshake ? <RelativeTime iso={lastHandshake} /> : 'none since it started'}
            </Fact>
            <Fact name="Last seen">
              {device.online ? (
                'online now'
              ) : device.last_seen ? (
                <RelativeTime iso={device.last_seen} />
              ) : (
                'never'
              )}
            </Fact>
            <Fact name="Pinged">{critical ? 'each round: a critical node' : 'only by hand'}</Fact>
          </>
        )}
      </dl>
      {!device.self && <PingNow id={device.id} />}
    </Panel>
  );
}

const CLASSES: Record<DeviceResponse['classification'], string> = {
  own: 'own: in this tailnet',
  shared: 'shared in: someone else’s node that can be reached from here',
  external: 'external: someone else’s device that can reach a node here',
};

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof children === 'string' ? <bdi>{children}</bdi> : children}</dd>
    </div>
  );
}

function Expiry({ device }: { device: DeviceResponse }) {
  const soon = useClock((now) => keyEndsSoon(device, now));
  if (device.key_expiry === null) return device.expired ? 'expired' : 'never';
  return (
    <span className={styles.expiry} data-expiry={device.expired ? 'expired' : soon ? 'soon' : ''}>
      {device.expired && 'expired '}
      <RelativeTime iso={device.key_expiry} />
    </span>
  );
}
