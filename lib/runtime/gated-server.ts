import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Gate } from '../identity/gate';
import { processWide } from '../util/process-registry';

type Opening = { gate: Promise<Pick<Gate, 'pass'>>; open(gate: Pick<Gate, 'pass'>): void };

/**
 * Where the HTTP server (`scripts/launch.mjs`) gets the gate from. It listens before Next loads what makes the gate, so
 * that the port is ours from the start and no request is turned away.
 */
export const opening = processWide<Opening>('gate', () => {
  let open: Opening['open'] = () => {};
  const gate = new Promise<Pick<Gate, 'pass'>>((resolve) => {
    open = resolve;
  });
  return { gate, open };
});

/**
 * Against senders that never finish: Node closes a connection whose request headers take longer than this, or whose whole
 * request takes longer than five minutes, its default. It checks this often.
 */
const LIMITS: ServerOptions = { headersTimeout: 20_000, connectionsCheckingInterval: 5_000 };

/**
 * Creates a server that has `serve` answer what passes the gate; requests that come before there is one wait for it.
 * Nothing here speaks another protocol than HTTP, so nothing listens for `upgrade` (RFC 9110, 7.8 allows to ignore it): Node
 * then takes such a request for what it is otherwise, and it passes the gate, and is limited, as any other.
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
