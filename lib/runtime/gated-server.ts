import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { opening } from './opening';

export { opening } from './opening';
export { staticFiles } from './static-files';

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
