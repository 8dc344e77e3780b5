import type { Alert } from './alert';
import type { Shown } from './collector-id';
import type { StoredEvent } from './event';

/** What is pushed to open pages as it happens. */
export type LiveEvent = { event: StoredEvent } | { alert: Shown<Alert> };
