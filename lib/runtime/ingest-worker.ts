import { parentPort, workerData } from 'node:worker_threads';
import { Ingest } from '../collect/ingest';
import { SqliteStore } from '../store/sqlite';
import { StoreUnavailable } from '../store/store';
import type { IngestReply, IngestRequest, IngestThreadData } from './ingest-protocol';

/**
 * The ingest thread: reads logs and writes the store, so that pages are never kept waiting by it. It is told what to do
 * by `ingest-thread.ts` and does one thing at a time.
 */
async function main(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('this file is to be started as a worker thread');
  const { database, ingest, retention } = workerData as IngestThreadData;
  const reply = (message: IngestReply) => port.postMessage(message);
  const store = await SqliteStore.open(database);
  const stop = new AbortController();
  const collector =
    ingest && new Ingest(store, ingest, (state) => reply({ type: 'progress', state }));

  const maintain = async () => {
    await store.prune(Date.now(), retention);
    while (!stop.signal.aborted && (await store.rollUp(Date.now())));
  };
  const tasks: Record<IngestRequest['type'], () => Promise<void> | undefined> = {
    collect: () => collector?.run(stop.signal),
    maintain,
    close: () => store.close(),
  };
  let last: Promise<void> = Promise.resolve();
  port.on('message', ({ id, type }: IngestRequest) => {
    if (type === 'close') stop.abort();
    last = last.then(async () => {
      try {
        await tasks[type]();
        reply({ type: 'done', id });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const code = error instanceof StoreUnavailable ? error.code : null;
        reply({ type: 'failed', id, message, code });
      }
      if (type === 'close') port.close();
    });
  });
  reply({ type: 'ready' });
}

await main();
