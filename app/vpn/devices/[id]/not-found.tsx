'use client';

import { useParams } from 'next/navigation';
import { searchCalls } from '@/lib/calls/page-calls';
import { nearestNames } from '@/lib/domain/nearest-names';
import { Message } from '../../../_ui/message';
import { Name } from '../../../_ui/name';
import { usePolling } from '../../../_ui/polling';
import { useCollector } from '../../use-collector';
import { asSeenBy } from '../../view';
import { decodePart } from './decode-part';

const MOST_SUGGESTED = 3;

/** 404 for a device that is not in the tailnet: the devices most like it, and where else to look. */
export default function DeviceNotFound() {
  const collector = useCollector();
  const id = decodePart(String(useParams().id ?? ''));
  const { data } = usePolling(searchCalls(collector).devices, 0);
  const devices = data?.devices ?? [];
  const suggested = nearestNames(
    id,
    devices.map(({ hostname }) => hostname),
    MOST_SUGGESTED,
  ).flatMap((name) => devices.find(({ hostname }) => hostname === name) ?? []);
  const hrefOf = (page: string) => asSeenBy(page, collector);
  return (
    <Message title="There is no such device">
      <p>
        No device is called “<bdi>{id.slice(0, 255)}</bdi>”, nor has it this id or address. It may
        have left the tailnet.
      </p>
      {suggested.length > 0 && (
        <p>
          Did you mean{' '}
          {suggested.map(({ id: other, hostname }, index) => (
            <span key={other}>
              {index > 0 && (index === suggested.length - 1 ? ' or ' : ', ')}
              <a href={hrefOf(`/vpn/devices/${encodeURIComponent(other)}`)}>
                <Name text={hostname} />
              </a>
            </span>
          ))}
          ?
        </p>
      )}
      <p>
        <a href={`${hrefOf('/vpn?devices=all')}#devices`}>Search all devices</a>, or see{' '}
        <a href={hrefOf(`/vpn/accesses?device=${encodeURIComponent(id)}`)}>
          the accesses from this name
        </a>
        , which are kept.
      </p>
    </Message>
  );
}
