'use client';

import type { DeviceResponse } from '@/lib/api/schemas';
import type { Path } from '@/lib/domain/device';
import { formatDuration } from '@/lib/domain/format';
import { t } from '@/lib/i18n/t';
import { useClock } from '../../../_ui/clock';
import { classMeaning, classWord, pathMeaning } from '../../../_ui/meanings';
import { Panel } from '../../../_ui/panel';
import { PathState } from '../../../_ui/path-state';
import { ListedTime, RelativeTime } from '../../../_ui/relative-time';
import { rich } from '../../../_ui/rich';
import { Term } from '../../../_ui/tooltip';
import { keyEndsSoon } from '../../device-order';
import styles from './device-facts.module.css';
import { Fact } from './fact';
import { InventoryFacts } from './inventory-facts';
import type { Since } from './since';

/** The details of a device. */
export function DeviceFacts({
  device,
  path,
  observer,
  since,
  pinged,
  lastHandshake,
}: {
  device: DeviceResponse;
  /** As the pings found it, where there are any. */
  path: Path;
  /** The device that sees it so; `null`: not known. */
  observer: string | null;
  /** Since when it is online, and over this path; `null`: not known. */
  since: { online: Since | null; path: Since | null };
  /** How often it is pinged: `Every 5 min (critical)`. */
  pinged: string;
  /** As it was when the page was loaded; ISO 8601. */
  lastHandshake: string | null;
}) {
  return (
    <Panel
      title={t('device.details')}
      note={observer !== null && !device.self && t('device.seenFrom', { name: observer })}
    >
      <dl className={styles.facts}>
        <Fact name={t('device.addresses')}>
          {device.addresses.map((address) => (
            <code key={address}>{address}</code>
          ))}
        </Fact>
        {device.dns_name && <Fact name={t('device.dnsName')}>{device.dns_name}</Fact>}
        {/* A tagged device belongs to its tags. */}
        {device.user && device.tags.length === 0 && (
          <Fact name={t('device.owner')}>
            <a href={`/vpn?${new URLSearchParams({ user: device.user.login })}`}>
              <bdi>{device.user.name || device.user.login}</bdi>
            </a>
            {device.user.name && <small>{device.user.login}</small>}
          </Fact>
        )}
        {device.tags.length > 0 && (
          <Fact name={t('device.tags')}>
            {device.tags.map((tag) => (
              <code key={tag}>{tag}</code>
            ))}
          </Fact>
        )}
        {device.os_hostname !== '' && device.os_hostname !== device.hostname && (
          <Fact name={t('device.osHostname')}>{device.os_hostname}</Fact>
        )}
        <Fact name={t('device.system')}>{device.os || t('device.notKnown')}</Fact>
        <InventoryFacts device={device} />
        <Fact name={t('device.class')}>
          <Term meaning={classMeaning(device.classification)}>
            {classWord(device.classification)}
          </Term>
        </Fact>
        <Fact name={t('device.keyExpires')}>
          <Expiry device={device} />
        </Fact>
        {device.subnet_routes.length > 0 && (
          <Fact name={t('device.routes')}>
            {device.subnet_routes.map((route) => (
              <code key={route}>{route}</code>
            ))}
          </Fact>
        )}
        {device.exit_node && (
          <Fact name={t('device.exitNode')}>
            {t(device.exit_node_in_use ? 'device.exitNodeInUse' : 'device.exitNodeOffered')}
          </Fact>
        )}
        {!device.self && (
          <>
            <Fact name={t('device.pathInUse')}>
              <Term meaning={pathMeaning(path)}>
                <PathState path={path} />
              </Term>
              {device.endpoint && <code>{device.endpoint}</code>}
              <SinceWhen since={since.path} />
            </Fact>
            {device.relay_region && (
              <Fact name={t(path === 'relay' ? 'device.relay' : 'device.homeRelay')}>
                {t('device.derp', { region: device.relay_region })}
              </Fact>
            )}
            <Fact name={t('device.lastHandshake')}>
              {lastHandshake ? <RelativeTime iso={lastHandshake} /> : t('device.noneSinceStart')}
            </Fact>
            <Fact name={t('device.lastSeen')}>
              {device.online ? (
                <>
                  <span>{t('device.onlineNow')}</span>
                  <SinceWhen since={since.online} />
                </>
              ) : device.online === null ? (
                t('device.notKnownNow')
              ) : device.last_seen ? (
                <RelativeTime iso={device.last_seen} />
              ) : (
                t('device.never')
              )}
            </Fact>
            <Fact name={t('device.pinged')}>{pinged}</Fact>
          </>
        )}
      </dl>
    </Panel>
  );
}

function Expiry({ device }: { device: DeviceResponse }) {
  const soon = useClock((now) => keyEndsSoon(device, now));
  const { key_expiry, expired } = device;
  if (key_expiry === null) return t(expired ? 'device.expiredOnly' : 'device.keyNever');
  const time = () => <RelativeTime iso={key_expiry} />;
  return (
    <span className={styles.expiry} data-expiry={expired ? 'expired' : soon ? 'soon' : ''}>
      {expired ? rich('device.expired', { time }) : time()}
    </span>
  );
}

function SinceWhen({ since }: { since: Since | null }) {
  const length = useClock((now) => formatDuration(now - (since?.time ?? now)));
  if (since === null) return null;
  if (since.isAtLeast) return <small>{t('device.sinceAtLeast', { length })}</small>;
  const time = () => <ListedTime iso={new Date(since.time).toISOString()} />;
  return <small>{rich('device.since', { time })}</small>;
}
