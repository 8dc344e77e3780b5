'use client';

import type { ReactNode } from 'react';
import type { MeResponse } from '@/lib/api/me';
import type { DeviceResponse } from '@/lib/api/schemas';
import { formatQuantity } from '@/lib/domain/format';
import { ClockProvider } from '../_ui/clock';
import { Empty } from '../_ui/empty';
import { Name } from '../_ui/name';
import { Panel } from '../_ui/panel';
import { PathState } from '../_ui/path-state';
import { RelativeTime } from '../_ui/relative-time';
import { useZone } from '../_ui/zone';
import accesses from '../vpn/accesses/accesses.module.css';
import frame from '../vpn/dashboard.module.css';
import { HitRows, hitsCsv } from '../vpn/hit-rows';
import { ViewProvider } from '../vpn/view-context';
import styles from './me.module.css';

const ROLES = {
  admin: 'See everything, acknowledge and mute alerts, and read the log',
  viewer: 'See everything but the log; only an admin can make changes',
};

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
          <h1 className={accesses.title}>You</h1>
          <div className={frame.sections}>
            <Panel title="Who you are here">
              <dl className={styles.facts}>
                <Fact title="You are">
                  <bdi>{whoOf(caller)}</bdi>
                </Fact>
                {caller.device && (
                  <Fact title="On">
                    <bdi>{caller.device}</bdi> {caller.address && <small>{caller.address}</small>}
                  </Fact>
                )}
                {caller.tags.length > 0 && <Fact title="Tags">{caller.tags.join(', ')}</Fact>}
                <Fact title="How we know">{caller.proven_by}.</Fact>
                <Fact title="You may">{caller.role ? ROLES[caller.role] : 'Nothing here'}.</Fact>
              </dl>
            </Panel>
            {caller.kind === 'operator' && (
              <Empty title="Open this page through your tailnet to see your own devices and accesses">
                On this device itself it is not known which person of the tailnet you are.{' '}
                <code>tailscale serve --bg {port}</code> publishes this dashboard to the tailnet.
              </Empty>
            )}
            {caller.kind === 'node' && <Devices devices={caller.devices} />}
            {recent && usage && (
              <Panel
                title="Your accesses"
                note={`${formatQuantity(usage.total_accesses, 'access', 'accesses')} in the last 7 days`}
                csv={() => hitsCsv('my-accesses', recent.hits, zone)}
              >
                {recent.hits.length === 0 ? (
                  <Empty title="No accesses by you in the last 7 days">
                    What you open on a server whose log is read here is listed within seconds.
                  </Empty>
                ) : (
                  <HitRows hits={recent.hits} caption="Your accesses, newest first" />
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
  if (kind === 'operator') return 'The operator, on this device itself';
  if (kind === 'token') return `The token ${name}`;
  if (kind === 'anonymous') return `Not known (${proven_by})`;
  if (login === null) return `The device ${device}`;
  return name && name !== login ? `${name} (${login})` : login;
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
    <Panel title="Your devices" note={formatQuantity(devices.length, 'device')}>
      {devices.length === 0 ? (
        <Empty title="None of your devices are known here" />
      ) : (
        <ul className={styles.devices}>
          {devices.map((device) => (
            <li key={device.id}>
              <a href={`/vpn/devices/${encodeURIComponent(device.id)}`}>
                <Name text={device.hostname} />
              </a>
              <span>{device.os}</span>
              <span>{device.self ? 'This device' : <PathState path={device.path} />}</span>
              <span>
                {!device.online && device.last_seen && (
                  <>
                    Seen <RelativeTime iso={device.last_seen} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
