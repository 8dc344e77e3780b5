'use client';

import { devicesCall } from '@/lib/calls/page-calls';
import { usePolling } from '../../_ui/polling';

/** Every device that there is: by its name, or by its id where several have that name. */
export default function DeviceOptions({ collector }: { collector: string | undefined }) {
  const { data } = usePolling(devicesCall(collector), 0);
  if (!data) return null;
  const having = new Map<string, number>();
  for (const { hostname } of data.devices) {
    const name = hostname.toLowerCase();
    having.set(name, (having.get(name) ?? 0) + 1);
  }
  return data.devices.map(({ id, hostname, user }) =>
    having.get(hostname.toLowerCase()) !== 1 ? (
      <option key={id} value={id} label={[hostname, user?.login].filter(Boolean).join(', ')} />
    ) : (
      <option key={id} value={hostname} />
    ),
  );
}
