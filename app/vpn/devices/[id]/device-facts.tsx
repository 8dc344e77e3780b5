'use client';

import type { ReactNode } from 'react';
import type { DeviceResponse } from '@/lib/api/schemas';
import { formatBytes } from '@/lib/domain/format';
import { useClock } from '../../../_ui/clock';
import { classMeaning, classWord, pathMeaning } from '../../../_ui/meanings';
import { Panel } from '../../../_ui/panel';
import { PathState } from '../../../_ui/path-state';
import { RelativeTime } from '../../../_ui/relative-time';
import { Term } from '../../../_ui/tooltip';
import { keyEndsSoon } from '../../device-order';
import styles from './device-facts.module.css';
import { PingNow } from './ping-now';

/** The details of a device. */
export function DeviceFacts({
  device,
  pinged,
  lastHandshake,
}: {
  device: DeviceResponse;
  /** How often it is pinged: `Every 5 min (critical)`. */
  pinged: string;
  /** As it was when the page was loaded; ISO 8601. */
  lastHandshake: string | null;
}) {
  return (
    <Panel title="Details">
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
        {device.os_hostname !== '' && device.os_hostname !== device.hostname && (
          <Fact name="OS hostname">{device.os_hostname}</Fact>
        )}
        <Fact name="System">{device.os || 'Not known'}</Fact>
        <Fact name="Class">
          <Term meaning={classMeaning(device.classification)}>
            {classWord(device.classification)}
          </Term>
        </Fact>
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
        {device.exit_node && (
          <Fact name="Exit node">
            {device.exit_node_in_use ? 'In use: our own traffic goes through it' : 'Offered'}
          </Fact>
        )}
        {!device.self && (
          <>
            <Fact name="Path in use">
              <Term meaning={pathMeaning(device.path)}>
                <PathState path={device.path} />
              </Term>
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
                : 'None since tailscaled started'}
            </Fact>
            <Fact name="Last handshake">
              {lastHandshake ? (
                <RelativeTime iso={lastHandshake} />
              ) : (
                'None since tailscaled started'
              )}
            </Fact>
            <Fact name="Last seen">
              {device.online ? (
                'Online now'
              ) : device.online === null ? (
                'Not known now'
              ) : device.last_seen ? (
                <RelativeTime iso={device.last_seen} />
              ) : (
                'Never'
              )}
            </Fact>
            <Fact name="Pinged">{pinged}</Fact>
          </>
        )}
      </dl>
      {!device.self && <PingNow id={device.id} />}
    </Panel>
  );
}

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
  if (device.key_expiry === null) return device.expired ? 'Expired' : 'Never';
  return (
    <span className={styles.expiry} data-expiry={device.expired ? 'expired' : soon ? 'soon' : ''}>
      {device.expired && 'Expired '}
      <RelativeTime iso={device.key_expiry} />
    </span>
  );
}
