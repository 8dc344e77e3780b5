import { Message } from '../../../_ui/message';
import { Name } from '../../../_ui/name';
import { asSeenBy } from '../../view';

/** Says that no device is called so: the devices most like it, and where else to look. Needs no JavaScript. */
export function NoSuchDevice({
  name,
  similar,
  collector,
}: {
  name: string;
  similar: readonly { id: string; name: string }[];
  collector: string | undefined;
}) {
  const hrefOf = (page: string) => asSeenBy(page, collector);
  return (
    <Message title="There is no such device">
      <p>
        No device is called “<bdi>{name.slice(0, 255)}</bdi>”, nor has it this id or address, and
        nothing is stored about one that was.
      </p>
      {similar.length > 0 && (
        <p>
          Did you mean{' '}
          {similar.map((device, index) => (
            <span key={device.id}>
              {index > 0 && (index === similar.length - 1 ? ' or ' : ', ')}
              <a href={hrefOf(`/vpn/devices/${encodeURIComponent(device.id)}`)}>
                <Name text={device.name} />
              </a>
            </span>
          ))}
          ?
        </p>
      )}
      <p>
        <a href={`${hrefOf('/vpn?devices=all')}#devices`}>Search all devices</a>, or see{' '}
        <a href={hrefOf(`/vpn/accesses?device=${encodeURIComponent(name)}`)}>
          the accesses from this name
        </a>
        , which are kept.
      </p>
    </Message>
  );
}
