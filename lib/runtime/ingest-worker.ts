import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Ingest } from '../collect/ingest';
import { saidOf } from '../domain/errors';
import { TimeZone } from '../domain/time-zone';
import '../i18n/on-server';
import { Periods } from '../rollup/periods';
import type { InfluxCollectorStores } from '../store/influx/collector-stores';
import type { SenderState } from '../store/ports/spool';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { IngestStores } from '../store/ports/stores';
import { openIngestStores } from '../store/sqlite/ingest-stores';
import { mutex } from '../util/mutex';
import { SECOND } from '../util/time';
import type { IngestReply, IngestRequest, IngestThreadData } from './ingest-protocol';

/** How long hours are counted again each minute, after an upgrade. */
const RECOUNT_MS = 2 * SECOND;
/** How long longer roll-ups are made each minute; another time zone needs thousands of them. */
const ROLL_UP_MS = 15 * SECOND;

/**
 * The ingest thread: reads logs and writes the store, so that pages never wait for either. It carries out the requests
 * of `ingest-thread.ts`, one at a time.
 */
async function main(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this file is to be started as a worker thread');
  const { database, ingest, retention, timeZone, influx } = workerData as IngestThreadData;
  const periods = new Periods(new TimeZone(timeZone));
  const reply = (message: IngestReply) => port.postMessage(message);
  const collector = influx && (await openCollector(database, influx, retention, periods));
  const store: IngestStores = collector ?? (await openIngestStores(database, periods));
  const stop = new AbortController();
  const reader = ingest && new Ingest(store, ingest, (state) => reply({ type: 'progress', state }));

  const maintain = async () => {
    await store.maintenance.prune(Date.now(), retention);
    // Logs wait meanwhile: what is left is done in the next minute.
    const until = Date.now() + RECOUNT_MS;
    while (
      !stop.signal.aborted &&
      Date.now() < until &&
      (await store.maintenance.recount(Date.now()))
    );
    const end = Date.now() + ROLL_UP_MS;
    while (
      !collector &&
      !stop.signal.aborted &&
      Date.now() < end &&
      (await store.maintenance.rollUp(Date.now()))
    );
  };
  const sending = collector
    ? sendAlways(collector, stop.signal, (state) => reply({ type: 'sender', state }))
    : Promise.resolve();
  const tasks: Record<IngestRequest['type'], () => Promise<void> | undefined> = {
    collect: () => reader?.run(stop.signal),
    maintain,
    close: async () => {
      await sending;
      await store.close();
    },
  };
  const inTurn = mutex();
  port.on('message', ({ id, type }: IngestRequest) => {
    if (type === 'close') stop.abort();
    inTurn(async () => {
      try {
        await tasks[type]();
        reply({ type: 'done', id });
      } catch (error) {
        const reason = error instanceof StoreUnavailable ? error.reason : null;
        reply({ type: 'failed', id, said: saidOf(error), reason });
      }
      if (type === 'close') port.close();
    });
  });
  reply({ type: 'ready' });
}

/** Opens the store over InfluxDB. Its client is most of this program, and is loaded only where it is used. */
async function openCollector(
  database: string,
  { settings, collector }: NonNullable<IngestThreadData['influx']>,
  retention: IngestThreadData['retention'],
  periods: Periods,
): Promise<InfluxCollectorStores> {
  const [{ Influx }, { openInfluxStores }] = await Promise.all([
    import('../store/influx/client'),
    import('../store/influx/collector-stores'),
  ]);
  return openInfluxStores(database, new Influx(settings), collector, retention, periods);
}

/** The pause before checking the spool again when there was nothing to send. */
const IDLE_MS = 200;
/** How long a stop may send what is left; the rest is sent at the next start. */
const LAST_MS = 2 * SECOND;

/**
 * Sends what waits for InfluxDB, and makes roll-ups of what it has, until `stop`. A failing server is a state to show:
 * what waits is kept, and retried.
 */
async function sendAlways(
  store: InfluxCollectorStores,
  stop: AbortSignal,
  tell: (state: SenderState) => void,
): Promise<void> {
  let reported = '';
  while (!stop.aborted) {
    const until = Date.now() + IDLE_MS;
    let idle = await store.sender.drain(() => stop.aborted || Date.now() > until);
    try {
      idle = !(await store.maintenance.rollUp(Date.now())) && idle;
    } catch (error) {
      // The sender uses the same server and reports what is wrong with it.
      if (!(error instanceof StoreUnavailable)) throw error;
      idle = true;
    }
    const state = store.sender.state();
    if (JSON.stringify(state) !== reported) tell(state);
    reported = JSON.stringify(state);
    if (idle || state.error !== null)
      await sleep(IDLE_MS, undefined, { signal: stop }).catch(() => {});
    else await yieldToOthers();
  }
  const end = Date.now() + LAST_MS;
  await store.sender.drain(() => Date.now() > end, false);
}

await main();
