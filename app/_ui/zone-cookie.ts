/** Holds the IANA name of the zone a reader has chosen; without it, times are the service's. */
export const ZONE_COOKIE = 'time_zone';
