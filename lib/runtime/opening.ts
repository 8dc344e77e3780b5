import type { Gate } from '../identity/gate';
import { processWide } from '../util/process-registry';

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
