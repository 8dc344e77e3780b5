import { t } from '@/lib/i18n/t';
import { Message } from '../../../_ui/message';
import { Name } from '../../../_ui/name';
import { rich } from '../../../_ui/rich';
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
    <Message title={t('device.noSuch')}>
      <p>{rich('device.noSuchText', { name: () => <bdi>{name.slice(0, 255)}</bdi> })}</p>
      {similar.length > 0 && (
        <p>
          {rich('device.didYouMean', {
            names: () =>
              similar.map((device, index) => (
                <span key={device.id}>
                  {index > 0 && (index === similar.length - 1 ? t('device.or') : ', ')}
                  <a href={hrefOf(`/vpn/devices/${encodeURIComponent(device.id)}`)}>
                    <Name text={device.name} />
                  </a>
                </span>
              )),
          })}
        </p>
      )}
      <p>
        {rich('device.searchAll', {
          devices: (inside) => <a href={`${hrefOf('/vpn?devices=all')}#devices`}>{inside}</a>,
          accesses: (inside) => (
            <a href={hrefOf(`/vpn/accesses?device=${encodeURIComponent(name)}`)}>{inside}</a>
          ),
        })}
      </p>
    </Message>
  );
}
