import type { AlertEngine } from '../alerts/engine';
import type { Outbox } from '../alerts/outbox';
import type { ModelTracker } from '../models/tracker';
import { type Board, WISH_LIVES_MS } from '../store/ports/board';
import type { Stores } from '../store/ports/stores';
import type { Collector } from './collector';
import type { OnDemandPings } from './on-demand-pings';
import type { TailnetWatch } from './tailnet-watch';
import { type Wish, wish } from './wishes';

const STATE_KEY = 'wishes_fulfilled';
const REMEMBERED = 200;

export type Powers = {
  alerts: Pick<AlertEngine, 'acknowledge' | 'mute' | 'mutes' | 'unmute'>;
  outboxes: readonly Pick<Outbox, 'channel' | 'sendTest'>[];
  pings: Pick<OnDemandPings, 'round'>;
  tailnet: Pick<TailnetWatch, 'view'>;
  models: Pick<ModelTracker, 'history' | 'record'>;
  checkNetwork(): Promise<void>;
};

/**
 * Each second: does what replicas ask of this collector, each thing once. One that was done just before a crash may be
 * done again after it, so everything here bears being done twice but a test message and a model's report that does not
 * say when the model was trained.
 */
export class FulfilWishes implements Collector {
  readonly name = 'fulfil_wishes';
  readonly schedule = '* * * * * *';
  private fulfilled: Set<string> | undefined;

  constructor(
    private readonly board: Pick<Board, 'wishes' | 'answer'>,
    private readonly collector: string,
    private readonly store: Pick<Stores, 'state'>,
    private readonly powers: Powers,
    private readonly now: () => number = Date.now,
  ) {}

  async run(): Promise<void> {
    this.fulfilled ??= new Set(JSON.parse((await this.store.state.loadState(STATE_KEY)) ?? '[]'));
    const since = this.now() - WISH_LIVES_MS;
    for (const asked of await this.board.wishes(this.collector, since)) {
      if (this.fulfilled.has(asked.at)) continue;
      const answer = await this.answerTo(asked.wish);
      this.fulfilled.add(asked.at);
      const kept = [...this.fulfilled].slice(-REMEMBERED);
      this.fulfilled = new Set(kept);
      await this.store.state.saveState(STATE_KEY, JSON.stringify(kept));
      await this.board.answer(this.collector, asked.at, answer);
    }
  }

  private async answerTo(asked: unknown) {
    try {
      return { value: (await this.fulfil(wish.parse(asked))) ?? null };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: '' };
      return { error: { name, message } };
    }
  }

  private async fulfil(asked: Wish): Promise<unknown> {
    const { alerts, outboxes, pings, tailnet, models } = this.powers;
    switch (asked.do) {
      case 'acknowledge':
        return alerts.acknowledge(asked.id, asked.by);
      case 'mute': {
        const { do: _, ...mute } = asked;
        const same = (await alerts.mutes()).find(
          ({ id: _id, ...other }) => JSON.stringify(sorted(other)) === JSON.stringify(sorted(mute)),
        );
        return same ?? alerts.mute(mute);
      }
      case 'unmute':
        return alerts.unmute(asked.id);
      case 'test':
        return outboxes.find(({ channel }) => channel === asked.channel)?.sendTest();
      case 'ping': {
        const device = tailnet.view().status?.devices.find(({ id }) => id === asked.nodeId);
        return device ? pings.round(device) : null;
      }
      case 'netcheck':
        return this.powers.checkNetwork();
      case 'model_history':
        return models.history(asked.model, asked.limit, asked.cursor);
      case 'record_model':
        return models.record(asked.report);
    }
  }
}

const sorted = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
