import { Worker } from 'node:worker_threads';
import { AppError } from '../domain/errors';
import type { IngestState } from '../domain/ingest-state';
import { type Said, say } from '../domain/said';
import { logger } from '../log/log';
import type { SenderState } from '../store/ports/spool';
import { StoreUnavailable } from '../store/ports/store-unavailable';
import type { IngestReply, IngestRequest, IngestThreadData } from './ingest-protocol';

const log = logger('ingest');

type Waiting = { resolve: () => void; reject: (error: Error) => void };

/** The main thread's side of the ingest thread. A thread that dies is restarted by the next request. */
export class IngestThread {
  state: IngestState = { files: [], hits: 0, lastHit: null, problems: [] };
  /** Why the store rejected what was read last; `null` when it did not. */
  storeError: Said | null = null;
  /** The state of sending to InfluxDB; `null`: it is not used, or the thread has just started. */
  sender: SenderState | null = null;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private hitsBefore = 0;
  private closing = false;

  constructor(
    private readonly file: string,
    private readonly data: IngestThreadData,
  ) {}

  /** Starts the thread and waits until it is ready. Throws what prevents it. */
  start(): Promise<void> {
    const worker = new Worker(this.file, {
      workerData: this.data,
      name: 'ingest',
      // Limits the heap, which would otherwise grow without need while the thread handles large batches.
      resourceLimits: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 },
    });
    this.worker = worker;
    return new Promise((resolve, reject) => {
      worker.on('message', (reply: IngestReply) => {
        if (reply.type === 'ready') resolve();
        else this.handle(reply);
      });
      worker.on('error', (error) => {
        reject(error);
        this.died(worker, error);
      });
      worker.on('exit', () =>
        this.died(worker, new AppError('internal', say('healthProblems.readerStopped'))),
      );
    });
  }

  /** Reads what is new in the logs; rejects with what prevented it from being stored. */
  collect(): Promise<void> {
    return this.request('collect');
  }

  /** Applies retention and makes roll-ups. */
  maintain(): Promise<void> {
    return this.request('maintain');
  }

  /** Finishes and stores the current batch, and ends the thread. */
  async close(): Promise<void> {
    this.closing = true;
    if (this.worker) await this.request('close');
    this.worker = undefined;
  }

  private async request(type: IngestRequest['type']): Promise<void> {
    if (!this.worker) await this.start();
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker?.postMessage({ id, type } satisfies IngestRequest);
    });
  }

  private handle(reply: Exclude<IngestReply, { type: 'ready' }>): void {
    if (reply.type === 'progress') {
      this.state = { ...reply.state, hits: this.hitsBefore + reply.state.hits };
      return;
    }
    if (reply.type === 'sender') {
      this.sender = reply.state;
      return;
    }
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.type === 'done') {
      this.storeError = null;
      waiting?.resolve();
    } else if (reply.reason === null) waiting?.reject(new AppError('internal', reply.said));
    else {
      this.storeError = reply.said;
      waiting?.reject(new StoreUnavailable(reply.reason, reply.said));
    }
  }

  private died(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    if (this.closing) {
      for (const { resolve } of this.waiting.values()) resolve();
      return;
    }
    this.hitsBefore = this.state.hits;
    log.error(`the ingest thread died: ${error.message}`, { error });
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
