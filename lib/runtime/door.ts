import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { Gate } from '../identity/gate';

/**
 * Puts a gate in front of every HTTP server of this process: Next starts its own before it runs us, and has no place for
 * one. Requests that come before `open` wait for it. Call once.
 */
export function hangDoor(): { open(gate: Gate): void } {
  const emit: (this: Server, event: string, ...args: unknown[]) => boolean = Server.prototype.emit;
  let open: (gate: Gate) => void = () => {};
  const gate = new Promise<Gate>((resolve) => {
    open = resolve;
  });
  Server.prototype.emit = function (this: Server, event: string, ...args: unknown[]) {
    const [request, response] = args;
    if (event !== 'request') return emit.call(this, event, ...args);
    const next = () => void emit.call(this, event, ...args);
    gate.then((ready) => ready.pass(request as IncomingMessage, response as ServerResponse, next));
    return true;
  };
  return { open };
}
