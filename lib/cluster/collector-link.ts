import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { saidOf } from '../domain/errors';
import { type Said, say, spoken } from '../domain/said';
import { currentLanguage } from '../i18n/t';
import type { CollectorHealth, RemoteRequest } from '../services';
import type { Announcement } from '../store/ports/collectors';
import { firstIssue } from '../util/first-issue';
import { MINUTE, SECOND } from '../util/time';
import { CollectorUnavailable, errorOf } from './collector-unavailable';
import { type Answer, ExchangeFault, exchange } from './exchange';
import { completed, type Snapshot, snapshotSchema } from './snapshot';

/** A collector that has not answered for this long is away. */
const AWAY_AFTER_MS = 4 * SECOND;
/** Longer than that: an answer of a busy collector counts, however late. */
const POLL_TIMEOUT_MS = 5 * SECOND;
/** A link that was refused is refused again: a setting has to change. */
const REFUSED_PAUSE_MS = 5 * SECOND;
/** No call takes longer, even if the collector still answers polls. */
const CALL_TIMEOUT_MS = MINUTE;
const LOOK_EVERY_MS = 200;
/** A tailnet of 5,000 devices is two megabytes. */
const LARGEST_SNAPSHOT = 64 * 1024 * 1024;
const LARGEST_ANSWER = 16 * 1024 * 1024;

/** Kept open for the next second's poll. */
const AGENTS = {
  'http:': new HttpAgent({ keepAlive: true }),
  'https:': new HttpsAgent({ keepAlive: true }),
};

type Settings = {
  /** What proves to the collector at a URL that this is a replica; `null`: only its address does. */
  credential: ((url: string) => string) | null;
  now: () => number;
};

/** A replica's connection to one collector: its last known state, and the calls that only it can answer. */
export class CollectorLink {
  snapshot: Snapshot | null = null;
  /** When it last answered; until it first does, when it last announced itself. */
  private lastSeen: number;
  private problem: Said | null = null;
  private polling: Promise<void> | null = null;
  private pausedUntil = 0;

  constructor(
    private announced: Announcement,
    private readonly settings: Settings,
  ) {
    this.lastSeen = announced.at;
  }

  get name(): string {
    return this.announced.name;
  }

  get announcedAt(): number {
    return this.announced.at;
  }

  /** Applies the collector's latest announcement. */
  announce(announced: Announcement): void {
    const { instance, url } = this.announced;
    if (announced.instance !== instance || announced.url !== url) this.pausedUntil = 0;
    this.announced = announced;
  }

  get away(): boolean {
    return this.settings.now() - this.lastSeen > AWAY_AFTER_MS;
  }

  health(): CollectorHealth {
    const { name, lastSeen, away } = this;
    const version = this.snapshot?.version ?? null;
    const problem = this.fault();
    return { name, version, lastSeen, away, problem: problem && spoken(problem) };
  }

  /** Returns what is wrong with it; `null` when nothing is. */
  fault(): Said | null {
    return this.away ? this.absence() : this.problem;
  }

  /** Returns the message to show while it is away. */
  absence(): Said {
    const { name, announced } = this;
    const time = new Date(this.lastSeen).toISOString();
    const why = this.problem ?? say('collectors.notAnswered', { url: announced.url });
    return say('collectors.lastHeard', { name, time, why: { said: why } });
  }

  /** Requests a snapshot, unless a request is under way; never rejects. */
  poll(): Promise<void> {
    if (this.settings.now() < this.pausedUntil) return Promise.resolve();
    this.polling ??= this.takeSnapshot().finally(() => {
      this.polling = null;
    });
    return this.polling;
  }

  /** Sends a request and returns the JSON of its answer. Throws `AppError`. */
  async send(request: RemoteRequest): Promise<unknown> {
    if (this.away) throw new CollectorUnavailable(this.absence());
    const { method, path, body, onBehalfOf, withinMs = CALL_TIMEOUT_MS } = request;
    // However long the call takes, waiting ends once the collector is away.
    const gone = new AbortController();
    const watch = setInterval(() => this.away && gone.abort(say('collectors.away')), LOOK_EVERY_MS);
    try {
      const answer = await exchange({
        url: this.urlOf(path),
        method,
        headers: {
          ...this.headers(onBehalfOf),
          'accept-language': currentLanguage(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        timeoutMs: withinMs,
        maxBytes: LARGEST_ANSWER,
        signal: gone.signal,
      });
      const { status } = answer;
      if (status < 200 || status > 299) throw errorOf(answer, this.name, this.announced.url);
      return status === 204 ? undefined : this.jsonOf(answer);
    } catch (error) {
      if (!(error instanceof ExchangeFault)) throw error;
      const values = { name: this.name, url: this.announced.url, reason: { said: error.said } };
      throw new CollectorUnavailable(
        method !== 'GET' && error.sent
          ? say('collectors.doesNotAnswerDoubt', values)
          : say('collectors.doesNotAnswer', values),
      );
    } finally {
      clearInterval(watch);
    }
  }

  private async takeSnapshot(): Promise<void> {
    const { announced } = this;
    const current = this.snapshot?.instance === announced.instance ? this.snapshot : null;
    const query = current ? `?since=${current.revision}` : '';
    const url = this.urlOf(`/cluster/snapshot${query}`);
    try {
      const answer = await exchange({
        url,
        method: 'GET',
        headers: { ...this.headers(null), 'accept-encoding': 'gzip' },
        agent: AGENTS[url.protocol === 'https:' ? 'https:' : 'http:'],
        timeoutMs: POLL_TIMEOUT_MS,
        maxBytes: LARGEST_SNAPSHOT,
      });
      if (announced.instance !== this.announced.instance) return;
      this.problem = this.accept(answer, current);
    } catch (error) {
      const reason = { said: saidOf(error) };
      this.problem = say('collectors.problem', { url: announced.url, reason });
    }
  }

  /** Takes over a snapshot; returns what is wrong with the answer. */
  private accept(answer: Answer, known: Snapshot | null): Said | null {
    const { url, name, instance } = this.announced;
    if (answer.status !== 200) {
      if (answer.status === 401 || answer.status === 403 || answer.status === 429) {
        this.pausedUntil = this.settings.now() + REFUSED_PAUSE_MS;
      }
      return errorOf(answer, name, url).said;
    }
    const parsed = snapshotSchema.safeParse(jsonOf(answer.body));
    if (!parsed.success) {
      return say('collectors.noSnapshot', { name, url, issue: firstIssue(parsed.error) });
    }
    const snapshot = parsed.data;
    if (snapshot.name !== name || snapshot.instance !== instance) {
      return say('collectors.another', { name, url, other: snapshot.name });
    }
    this.snapshot = completed(known, snapshot);
    this.lastSeen = this.settings.now();
    return null;
  }

  private headers(onBehalfOf: string | null): Record<string, string> {
    const credential = this.settings.credential?.(this.announced.url);
    return {
      'observatory-on-behalf-of': encodeURIComponent(onBehalfOf ?? ''),
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
    };
  }

  private jsonOf({ body }: Answer): unknown {
    const json = jsonOf(body);
    if (json !== undefined) return json;
    throw new CollectorUnavailable(
      say('collectors.notJson', { name: this.name, url: this.announced.url }),
    );
  }

  private urlOf(path: string): URL {
    return new URL(this.announced.url + path);
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
