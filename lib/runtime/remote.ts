import type { PublishedView } from '../collect/published-view';
import { ownId, shownId, type WatchCollectors } from '../collect/watch-collectors';
import type { Wish } from '../collect/wishes';
import type { Alert, Mute } from '../domain/alert';
import type { Connection } from '../domain/connection';
import { BadCursor, InvalidInput } from '../domain/errors';
import type { Finding } from '../domain/finding';
import type { IngestState } from '../domain/ingest-state';
import type { JobState } from '../domain/job';
import { unknownJudgement } from '../domain/judgement';
import type { HistoryPage, Recorded } from '../domain/model';
import type { Delivery } from '../domain/notice';
import { awayDevice } from '../domain/own-device';
import { ReportRefused } from '../models/tracker';
import type { AlertChannel, Services } from '../services';
import type { AlertFilter } from '../store/ports/alerts';
import type { Board } from '../store/ports/board';
import type { RejectedSummary } from '../store/ports/rejected-lines';
import { StoreUnavailable } from '../store/ports/store-unavailable';

/** The parts of a running instance as a replica has them: read from what collectors publish, done by asking them. */
export class Remote {
  constructor(
    private readonly watch: WatchCollectors,
    private readonly board: Pick<Board, 'ask'>,
    /** One collector, or `undefined` for all of them. */
    private readonly only: string | undefined,
  ) {}

  /** What stands for all where only one can speak: the tailnet, the paths. */
  current(): ReturnType<WatchCollectors['view']> {
    return this.watch.view(this.only);
  }

  readonly tailnet: Services['tailnet'] = {
    former: () => this.current()?.former ?? {},
    // Asked for the reasons of a relayed path; a replica gives those it knows.
    whois: async () => null,
    network: () => {
      const network = this.current()?.network;
      return { last: network?.last ?? null, error: network?.error ?? null };
    },
    checkNetwork: async () => {
      const view = this.current();
      if (view) await this.ask(view.name, { do: 'netcheck' });
    },
    view: () => {
      const view = this.current();
      if (!view) {
        const error = 'no collector has published anything yet: start one with ROLE=collector';
        const nothing = { status: null, answeredAt: null, stale: true, own: awayDevice(error) };
        return { source: 'none', location: '', ...nothing, error };
      }
      const { tailnet, away, name, at } = view;
      if (!away) return tailnet;
      const since = new Date(at).toISOString();
      const error = `the collector ${name} was last heard of at ${since}`;
      return { ...tailnet, stale: true, error, own: awayDevice(error) };
    },
  };

  get connections(): Omit<Services['connections'], 'baseline'> {
    const view = this.current();
    const critical = new Set(view?.critical);
    return {
      last: () => new Map(view?.rounds.map((round) => [round.nodeId, round])),
      critical: (devices) => devices.filter(({ id }) => critical.has(id)),
      unmatched: () => view?.unmatched ?? [],
      judge: (device) => view?.judgements[device.id] ?? unknownJudgement(device),
      ping: ({ id }) => view && this.pinged(view.name, id),
    };
  }

  readonly alerts: Services['alerts'] = {
    channels: () => this.channels(),
    open: async () => this.shown(({ alerts }) => alerts.open),
    history: async (
      limit: number,
      cursor: string | null = null,
      filter: Partial<AlertFilter> = {},
    ) => {
      if (cursor !== null && !/^\d{1,15}$/.test(cursor)) {
        throw new BadCursor();
      }
      const all = this.shown(({ alerts }) => alerts.history)
        .filter(({ topic }) => filter.topic == null || topic === filter.topic)
        .filter(({ nodeId }) => filter.nodeId == null || nodeId === filter.nodeId)
        .sort((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0) || b.id - a.id);
      const first = Number(cursor ?? 0);
      const end = first + limit;
      return { alerts: all.slice(first, end), nextCursor: all.length > end ? String(end) : null };
    },
    mutes: async () => this.shown(({ alerts }) => alerts.mutes),
    acknowledge: async (id: number, by: string) => {
      const owner = this.ownerOf(id);
      if (!owner) return null;
      const alert = await this.ask(owner.name, { do: 'acknowledge', id: owner.id, by });
      return alert === null ? null : { ...(alert as Alert), id };
    },
    mute: async (mute) => {
      const now = Date.now();
      if (mute.until <= Math.max(mute.from ?? now, now)) {
        throw new InvalidInput({ parameter: 'until', message: 'must be in the future' });
      }
      const asked = { do: 'mute' as const, ...mute, from: mute.from ?? now };
      // What is muted for all is muted by each of those that send messages.
      const made = await Promise.all(
        this.names().map(async (name) => {
          const one = (await this.ask(name, asked)) as Mute;
          return { ...one, id: shownId(name, one.id) };
        }),
      );
      const [first] = made;
      if (!first) throw new StoreUnavailable('failed', 'there is no collector to ask');
      return first;
    },
    unmute: async (id: number) => {
      const owner = this.ownerOf(id);
      return owner ? (await this.ask(owner.name, { do: 'unmute', id: owner.id })) === true : false;
    },
  };

  /** Of collectors that watch a model of the same name, the first by name stands for all. */
  get models(): Services['models'] {
    const files = this.views().map(([, { models }]) => models.file);
    return {
      states: () => {
        const states = this.views().flatMap(([, { models }]) => models.states);
        return [...new Map(states.toReversed().map((state) => [state.model, state])).values()].sort(
          (a, b) => a.model.localeCompare(b.model),
        );
      },
      history: async (model, limit, cursor) => {
        const asked = { do: 'model_history' as const, model, limit, cursor };
        return (await this.ask(this.watcherOf(model), asked)) as HistoryPage;
      },
      record: async (report) => {
        const asked = { do: 'record_model' as const, report };
        return (await this.ask(this.watcherOf(report.model), asked)) as Recorded;
      },
      csv: () => ({
        file: files.map(({ file }) => file).join(', '),
        notice: files.flatMap(({ notice }) => notice ?? []).join('; ') || null,
      }),
    };
  }

  get accessLog(): Services['accessLog'] {
    const all = this.views();
    const states = all.map(([, { ingest }]) => ingest.state);
    const state: IngestState = {
      files: states.flatMap(({ files }) => files),
      problems: states.flatMap(({ problems }) => problems),
      hits: states.reduce((sum, { hits }) => sum + hits, 0),
      lastHit: states.reduce<number | null>(
        (last, { lastHit }) => (lastHit === null ? last : Math.max(last ?? 0, lastHit)),
        null,
      ),
    };
    const told = (of: (view: PublishedView) => string | null | undefined) =>
      all.flatMap(([name, view]) => (of(view) ? [`${name}: ${of(view)}`] : []))[0] ?? null;
    const senders = all.flatMap(([, { ingest }]) => ingest.sender ?? []);
    const sum = (of: (sender: (typeof senders)[number]) => number) =>
      senders.reduce((total, sender) => total + of(sender), 0);
    const first = (of: (sender: (typeof senders)[number]) => number | null) =>
      senders.flatMap((sender) => of(sender) ?? []).sort((a, b) => a - b)[0] ?? null;
    const logs = all.map(([, { accessLog }]) => accessLog);
    const patterns = logs.flatMap(({ pattern }) => pattern ?? []);
    return {
      pattern: patterns.length > 0 ? patterns.join(', ') : null,
      countNonTailnet: logs.some(({ countNonTailnet }) => countNonTailnet),
      rejected: () => this.rejected(),
      findings: () => this.findings(),
      state,
      storeError: told(({ ingest }) => ingest.storeError),
      sender:
        senders.length === 0
          ? null
          : {
              points: sum(({ points }) => points),
              bytes: sum(({ bytes }) => bytes),
              oldest: first(({ oldest }) => oldest),
              error: told(({ ingest }) => ingest.sender?.error),
              failingSince: first(({ failingSince }) => failingSince),
              rejected: sum(({ rejected }) => rejected),
              lastRejected: senders.find(({ lastRejected }) => lastRejected)?.lastRejected ?? null,
              sent: sum(({ sent }) => sent),
            },
    };
  }

  private async findings(): Promise<Finding[]> {
    const all = this.views();
    return all.flatMap(([name, { findings }]) =>
      findings.map((finding) =>
        all.length > 1 ? { ...finding, title: `${finding.title} (${name})` } : finding,
      ),
    );
  }

  private async rejected(): Promise<RejectedSummary> {
    const all = this.views().map(([, { rejected }]) => rejected);
    return {
      total: all.reduce((sum, { total }) => sum + total, 0),
      samples: all
        .flatMap(({ samples }) => samples)
        .sort((a, b) => b.time - a.time)
        .slice(0, 20),
    };
  }

  /** The collectors' jobs, each called after its collector. */
  jobs(): JobState[] {
    return this.views().flatMap(([name, { jobs }]) =>
      jobs.map((job) => ({ ...job, name: `${name}/${job.name}` })),
    );
  }

  private channels(): AlertChannel[] {
    return this.views().flatMap(([name, { channels }]) =>
      channels.map(({ channel, state }) => ({
        name: this.names().length > 1 ? `${name}: ${channel}` : channel,
        state: async () => state,
        sendTest: async () => (await this.ask(name, { do: 'test', channel })) as Delivery,
      })),
    );
  }

  private views(): [string, PublishedView][] {
    return [...this.watch.views].filter(([name]) => this.only === undefined || name === this.only);
  }

  private names(): string[] {
    return this.views().map(([name]) => name);
  }

  private shown<T extends { id: number }>(of: (view: PublishedView) => T[]): T[] {
    return this.views().flatMap(([name, view]) =>
      of(view).map((one) => ({ ...one, id: shownId(name, one.id) })),
    );
  }

  /** The collector that watches a model; the first one, when none does yet. */
  private watcherOf(model: string): string {
    const watching = this.views().find(([, { models }]) =>
      models.states.some((state) => state.model === model),
    );
    const name = watching?.[0] ?? this.current()?.name;
    if (name === undefined) throw new StoreUnavailable('failed', 'there is no collector to ask');
    return name;
  }

  private ownerOf(shown: number): { name: string; id: number } | null {
    for (const name of this.names()) {
      const id = ownId(name, shown);
      if (id !== null) return { name, id };
    }
    return null;
  }

  private async pinged(collector: string, nodeId: string): Promise<Connection> {
    const round = await this.ask(collector, { do: 'ping', nodeId });
    if (round === null) {
      throw new StoreUnavailable('busy', 'too many nodes are being pinged just now; try again');
    }
    return round as Connection;
  }

  private async ask(collector: string, wish: Wish): Promise<unknown> {
    const answer = await this.board.ask(collector, wish);
    if ('value' in answer) return answer.value;
    const { name, message } = answer.error;
    if (name === 'BadCursor') throw new BadCursor();
    if (name === 'ReportRefused') throw new ReportRefused(message);
    throw new StoreUnavailable('failed', `the collector ${collector} could not: ${message}`);
  }
}
