import type { TailnetEvent } from '../domain/event';
import { logger } from '../log/log';
import type { Stores } from '../store/ports/stores';
import type { Feed } from './feed';

const log = logger('tailnet');
const tailscaled = logger('tailscaled');

/** Stores events, logs them, and shows them on the pages that are open. */
export async function tellEvents(
  events: readonly TailnetEvent[],
  store: Pick<Stores, 'events'>,
  feed: Feed,
): Promise<void> {
  if (events.length === 0) return;
  for (const event of await store.events.addEvents(events)) {
    note(event);
    feed.publish({ event });
  }
}

/** Logs an event; tailscaled's health messages are logged verbatim. */
function note({ kind, hostname, before, after }: TailnetEvent): void {
  if (kind === 'tailscaled_health') {
    if (after) tailscaled.warn(after);
    else tailscaled.info(`no longer: ${before}`);
    return;
  }
  const from = before === null ? '' : ` from ${before}`;
  const to = after === null ? '' : ` to ${after}`;
  log.info(`${kind.replaceAll('_', ' ')}${hostname === null ? '' : `: ${hostname}`}${from}${to}`, {
    ...{ kind, hostname },
  });
}
