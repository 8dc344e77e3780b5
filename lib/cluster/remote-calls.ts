import { type IdReference, idBehind } from '../domain/collector-id';
import { InvalidInput, NotFound } from '../domain/errors';
import { say } from '../domain/said';
import type { RemoteRequest, RemoteService } from '../services';
import type { CollectorLink } from './collector-link';
import { CollectorUnavailable } from './collector-unavailable';
import type { RemoteServices } from './remote-services';

/** A replica's access to the collectors: finds the one that is meant, and sends the request to it. */
export class RemoteCalls implements RemoteService {
  constructor(
    private readonly links: () => CollectorLink[],
    private readonly services: Pick<RemoteServices, 'standIn'>,
  ) {}

  present(): ReturnType<RemoteService['present']> {
    const links = this.links();
    return {
      there: links.filter(({ away }) => !away).map(({ name }) => name),
      away: links.filter(({ away }) => away).map(({ name }) => name),
    };
  }

  standIn(): string {
    const link = this.services.standIn();
    if (!link) throw new CollectorUnavailable(say('problems.noCollectorToAsk'));
    return link.name;
  }

  watcherOf(model: string): string {
    const watching = this.links().find(({ snapshot }) =>
      snapshot?.models.states.some((state) => state.model === model),
    );
    return watching?.name ?? this.standIn();
  }

  ownerOf(kind: 'alert' | 'mute', { collector, id }: IdReference) {
    const links = this.links();
    if (collector !== null) {
      if (links.some(({ name }) => name === collector)) return { collector, id };
      throw new NotFound(say('problems.noCollector', { name: JSON.stringify(collector) }));
    }
    const meant = links.flatMap((link) => numbersOf(link.name, id).map((own) => ({ link, own })));
    const holders = meant.filter(({ link, own }) => has(link, kind, own));
    // An alert or mute not shown here (an old one, or one made a moment ago) is found by its former id.
    const former = meant.filter(({ link, own }) => idBehind(link.name, id) === own);
    const candidates =
      holders.length > 0 ? holders : links.length === 1 ? meant.slice(0, 1) : former;
    const [first, other] = candidates;
    if (!first)
      throw new NotFound(say(kind === 'mute' ? 'problems.noMute' : 'problems.noAlert', { id }));
    if (other) {
      const ids = candidates.map(({ link, own }) => `${link.name}/${own}`);
      const values = { ids: ids.slice(0, -1).join(', '), last: ids.at(-1) ?? '' };
      throw new InvalidInput({ parameter: 'id', message: say('faults.sayWhich', values) });
    }
    return { collector: first.link.name, id: first.own };
  }

  async send(collector: string, request: RemoteRequest): Promise<unknown> {
    const link = this.links().find(({ name }) => name === collector);
    if (!link) throw new NotFound(say('problems.noCollector', { name: JSON.stringify(collector) }));
    return link.send(request);
  }
}

/** Returns which of a collector's own numbers a number without a collector's name may mean: it, or a former id's. */
function numbersOf(collector: string, id: number): number[] {
  const behind = idBehind(collector, id);
  return behind === null ? [id] : [id, behind];
}

function has({ snapshot }: CollectorLink, kind: 'alert' | 'mute', id: number): boolean {
  if (!snapshot) return false;
  const { open, mutes } = snapshot.alerts;
  return (kind === 'mute' ? mutes : [...open, ...snapshot.pastAlerts]).some((one) => one.id === id);
}
