import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Gate } from '../identity/gate';
import { processWide } from '../util/process-registry';

export { staticFiles } from './static-files';

type Opening = { gate: Promise<Pick<Gate, 'pass'>>; open(gate: Pick<Gate, 'pass'>): void };

/**
 * Passes the gate to the HTTP server (`scripts/launch.mjs`), which listens before Next loads the code of the gate, so
 * that the port is taken from the start and no request is rejected.
 */
export const opening = processWide<Opening>('gate', () => {
  let open: Opening['open'] = () => {};
  const gate = new Promise<Pick<Gate, 'pass'>>((resolve) => {
    open = resolve;
  });
  return { gate, open };
});

/**
 * Limits for senders that never finish: Node closes a connection whose request headers take longer than this, or whose
 * whole request takes longer than its default of five minutes. It checks at this interval.
 */
const LIMITS: ServerOptions = { headersTimeout: 20_000, connectionsCheckingInterval: 5_000 };

/**
 * Creates a server that passes requests to `serve` once they have passed the gate; requests wait until there is one.
 * The server speaks only HTTP, so nothing listens for `upgrade` (RFC 9110, 7.8 permits ignoring it): Node then treats
 * such a request as an ordinary one, which passes the gate and is limited like any other.
 */
export function createGatedServer(
  serve: RequestListener,
  options: ServerOptions = {},
  gate = opening.gate,
): Server {
  return createServer({ ...LIMITS, ...options }, async (request, response) => {
    (await gate).pass(request, response, () => serve(request, response));
  });
}
