import type { Alert, Mute } from '../domain/alert';
import { type Shown, shownId } from '../domain/collector-id';
import { BadCursor } from '../domain/errors';
import type { JobState } from '../domain/job';
import { judgedAlone } from '../domain/judgement';
import { awayDevice } from '../domain/own-device';
import { type Said, say, verbatim } from '../domain/said';
import type {
  AccessLogService,
  AlertService,
  ConnectionService,
  ModelService,
  TailnetService,
} from '../services';
import type { CollectorLink } from './collector-link';
import { accessLogOf, type Seen } from './remote-access-log';
import type { Snapshot } from './snapshot';

/** The readable services of a replica: they use the last snapshots, so that no page waits for a collector. */
export class RemoteServices {
  constructor(
    /** All collectors, or the selected one; by name. */
    private readonly links: () => CollectorLink[],
  ) {}

  /**
   * Returns the collector used where only one can answer (the tailnet, the paths): the first present, else the last
   * seen.
   */
  standIn(): CollectorLink | null {
    const links = this.links();
    const last = [...links].sort((a, b) => b.health().lastSeen - a.health().lastSeen);
    const there = links.filter(({ away }) => !away);
    return there.find(({ snapshot }) => snapshot) ?? there[0] ?? last[0] ?? null;
  }

  /** Returns the collectors' jobs, each prefixed with its collector's name. */
  jobs(): JobState[] {
    return this.seen().flatMap(({ name, snapshot: { jobs } }) =>
      jobs.map((job) => ({ ...job, name: `${name}/${job.name}` })),
    );
  }

  /** Returns the settings of the collector used where only one can answer. */
  settings(): Pick<Snapshot, 'connectionIntervalMs' | 'quotaPlan' | 'trafficBudget'> | null {
    return this.standIn()?.snapshot ?? null;
  }

  readonly tailnet: TailnetService = {
    view: () => {
      const link = this.standIn();
      const nothing = { source: 'none', location: '', status: null, answeredAt: null } as const;
      if (!link) {
        return { ...nothing, ...awayBecause(say('collectors.none')) };
      }
      if (!link.snapshot) {
        const notYet = say('collectors.notYet', { name: link.name });
        return { ...nothing, ...awayBecause(link.fault() ?? notYet) };
      }
      const { tailnet: view } = link.snapshot;
      return link.away ? { ...view, ...awayBecause(link.absence()) } : view;
    },
    former: () => this.standIn()?.snapshot?.former ?? {},
    network: () => {
      const link = this.standIn();
      const network = link?.snapshot?.network;
      const last = network?.last ?? null;
      if (!link?.away)
        return { last, error: network?.error ?? null, errorSaid: network?.errorSaid };
      const absence = link.absence();
      return { last, error: absence.text, errorSaid: absence };
    },
  };

  get connections(): Omit<ConnectionService, 'baseline'> {
    const snapshot = this.standIn()?.snapshot;
    const critical = new Set(snapshot?.critical);
    return {
      last: () => new Map(snapshot?.rounds.map((round) => [round.nodeId, round])),
      critical: (devices) => devices.filter(({ id }) => critical.has(id)),
      unmatched: () => snapshot?.unmatched ?? [],
      judge: (device) => {
        const own = snapshot?.tailnet.own ?? awayDevice('');
        return snapshot?.judgements.get(device.id) ?? judgedAlone(device, own);
      },
    };
  }

  readonly alerts: AlertService = {
    channels: () => this.channels(),
    open: async () => this.alertsOf(({ alerts }) => alerts.open),
    history: async (limit, cursor = null, filter = {}) => {
      if (cursor !== null && !/^\d{1,15}$/.test(cursor)) throw new BadCursor();
      const all = this.alertsOf(({ pastAlerts }) => pastAlerts)
        .filter(({ topic }) => filter.topic == null || topic === filter.topic)
        .filter(({ nodeId }) => filter.nodeId == null || nodeId === filter.nodeId)
        .sort((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0));
      const first = Number(cursor ?? 0);
      const end = first + limit;
      return { alerts: all.slice(first, end), nextCursor: all.length > end ? String(end) : null };
    },
    mutes: async () => this.shown<Mute>(({ alerts }) => alerts.mutes),
  };

  /** The models of all collectors; of several with the same name, the first collector's by name. */
  get models(): ModelService {
    const seen = this.seen();
    return {
      states: () => {
        const states = seen.flatMap(({ snapshot: { models } }) => models.states);
        return [...new Map(states.toReversed().map((state) => [state.model, state])).values()].sort(
          (a, b) => a.model.localeCompare(b.model),
        );
      },
      csv: () => ({
        file: seen.map(({ snapshot: { models } }) => models.file.file).join(', '),
        notices: seen.flatMap(({ snapshot: { models } }) => {
          const { notice, noticeSaid } = models.file;
          return notice === null ? [] : (noticeSaid ?? verbatim(notice));
        }),
      }),
    };
  }

  get accessLog(): AccessLogService {
    return accessLogOf(this.seen());
  }

  private channels(): ReturnType<AlertService['channels']> {
    const isOne = this.links().length === 1;
    return this.seen().flatMap(({ name, snapshot: { channels } }) =>
      channels.map((channel) => ({
        name: isOne ? channel.name : `${name}: ${channel.name}`,
        state: async () => channel.state,
      })),
    );
  }

  private seen(): Seen[] {
    return this.links().flatMap(({ name, snapshot }) => (snapshot ? [{ name, snapshot }] : []));
  }

  private alertsOf(of: (snapshot: Snapshot) => readonly Alert[]): Shown<Alert>[] {
    return this.shown(of);
  }

  private shown<T extends { id: number }>(of: (snapshot: Snapshot) => readonly T[]): Shown<T>[] {
    return this.seen().flatMap(({ name, snapshot }) =>
      of(snapshot).map((one) => ({ ...one, id: shownId(name, one.id) })),
    );
  }
}

/** What is known of our own device while there is no collector to see it by. */
const awayBecause = (reason: Said) => ({
  ...{ stale: true, error: reason.text, errorSaid: reason, own: awayDevice(reason) },
});
