'use client';

import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type TimeZone, UTC, zoneNamed } from '@/lib/domain/time-zone';

type Zones = {
  /** The one that times are shown in. */
  zone: TimeZone;
  /** The IANA name of the service's: its days are counted. */
  service: string;
};

const ZonesContext = createContext<Zones>({ zone: UTC, service: 'UTC' });

/** Provides the time zones of the page, by their IANA names. */
export function ZoneProvider({
  name,
  service,
  children,
}: {
  name: string;
  service: string;
  children: ReactNode;
}) {
  const zones = useMemo(() => ({ zone: zoneNamed(name), service }), [name, service]);
  return <ZonesContext value={zones}>{children}</ZonesContext>;
}

/** Returns the zone that times are shown in. */
export const useZone = (): TimeZone => useContext(ZonesContext).zone;

export const useZones = (): Zones => useContext(ZonesContext);
