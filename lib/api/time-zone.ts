import { currentServices } from '../services';

/** Returns the IANA name of the service's time zone. */
export const serviceTimeZone = (): string => currentServices().instance.timeZone;
