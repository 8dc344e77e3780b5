'use client';

import type { ReactNode } from 'react';
import type { MeResponse } from '@/lib/api/me';
import type { DeviceResponse } from '@/lib/api/schemas';
import { t } from '@/lib/i18n/t';
import { ClockProvider } from '../_ui/clock';
import { Empty } from '../_ui/empty';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { PathState } from '../_ui/path-state';
import { RelativeTime } from '../_ui/relative-time';
import { rich } from '../_ui/rich';
import { useZone } from '../_ui/zone';
import accesses from '../vpn/accesses/accesses.module.css';
import frame from '../vpn/dashboard.module.css';
import { HitRows, hitsCsv } from '../vpn/hit-rows';
import { ViewProvider } from '../vpn/view-context';
import styles from './me.module.css';

/** The caller, as of `now`: how they are known, what they may do, their devices and their last accesses. */
export function MeScreen({
  now,
  caller,
  port,
}: {
  now: number;
  caller: MeResponse;
  /** Where this dashboard is served on this device. */
  port: string;
}) {
  const { usage, recent } = caller;
  const zone = useZone();
  return (
    <ClockProvider now={now}>
      <ViewProvider page="/vpn" live={false}>
        <main id="main" className={frame.page}>
          <h1 className={accesses.title}>{t('me.title')}</h1>
          <div className={frame.sections}>
            <Panel title={t('me.who')}>
              <dl className={styles.facts}>
                <Fact title={t('me.youAre')}>
                  <bdi>{whoOf(caller)}</bdi>
                </Fact>
                {caller.device && (
                  <Fact title={t('me.on')}>
                    <bdi>{caller.device}</bdi> {caller.address && <small>{caller.address}</small>}
                  </Fact>
                )}
                {caller.tags.length > 0 && (
                  <Fact title={t('me.tags')}>{caller.tags.join(', ')}</Fact>
                )}
                <Fact title={t('me.howWeKnow')}>
                  <span className={styles.proof}>{caller.proven_by}.</span>
                </Fact>
                <Fact title={t('me.youMay')}>{t(`me.${caller.role ?? 'nothing'}`)}</Fact>
              </dl>
            </Panel>
            {caller.kind === 'operator' && (
              <Empty title={t('me.throughTailnet')}>
                {rich('me.serve', { command: () => <code>tailscale serve --bg {port}</code> })}
              </Empty>
            )}
            {caller.kind === 'node' && <Devices devices={caller.devices} />}
            {recent && usage && (
              <Panel
                title={t('me.accesses')}
                note={t('me.accessCount', { count: usage.total_accesses })}
                csv={() => hitsCsv('my-accesses', recent.hits, zone)}
              >
                {recent.hits.length === 0 ? (
                  <Empty title={t('me.noAccesses')}>{t('me.whatYouOpen')}</Empty>
                ) : (
                  <HitRows hits={recent.hits} caption={t('me.caption')} />
                )}
              </Panel>
            )}
          </div>
        </main>
      </ViewProvider>
    </ClockProvider>
  );
}

function whoOf({ kind, login, name, device, proven_by }: MeResponse): string {
  if (kind === 'operator') return t('me.operator');
  if (kind === 'token') return t('me.token', { name: name ?? '' });
  if (kind === 'anonymous') return t('me.unknown', { reason: proven_by });
  if (login === null) return t('me.device', { device: device ?? '' });
  return name && name !== login ? t('me.nameAndLogin', { name, login }) : login;
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Devices({ devices }: { devices: readonly DeviceResponse[] }) {
  return (
    <Panel title={t('me.devices')} note={t('me.deviceCount', { count: devices.length })}>
      {devices.length === 0 ? (
        <Empty title={t('me.noDevices')} />
      ) : (
        <ul className={styles.devices}>
          {devices.map((device) => (
            <li key={device.id}>
              <a href={`/vpn/devices/${encodeURIComponent(device.id)}`}>
                <Name text={device.hostname} />
              </a>
              <span>{device.os}</span>
              <span>{device.self ? t('me.thisDevice') : <PathState path={device.path} />}</span>
              <span>
                <LastSeen device={device} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function LastSeen({ device: { online, last_seen } }: { device: DeviceResponse }) {
  if (online || last_seen === null) return null;
  return rich('me.seen', { time: () => <RelativeTime iso={last_seen} /> });
}
