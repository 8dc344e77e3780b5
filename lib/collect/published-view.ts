import { z } from 'zod';
import type { Alert, Mute } from '../domain/alert';
import type { Connection } from '../domain/connection';
import type { Finding } from '../domain/finding';
import type { IngestState } from '../domain/ingest-state';
import type { JobState } from '../domain/job';
import type { Judgement } from '../domain/judgement';
import type { ModelState } from '../domain/model';
import type { NetcheckResult } from '../domain/netcheck';
import type { QuotaPlan } from '../domain/quota';
import type { FormerDevice, TailnetView } from '../domain/tailnet-view';
import type { Unmatched } from '../domain/watched';
import type { ChannelState } from '../store/ports/channels';
import type { RejectedSummary } from '../store/ports/rejected-lines';
import type { SenderState } from '../store/ports/spool';

/** Another form of the view than this program's is not read. */
export const VIEW_FORMAT = 3;

/** All that a replica shows of a collector and that is in no measurement: how things are now. */
export type PublishedView = {
  format: typeof VIEW_FORMAT;
  /** When it was made; epoch milliseconds. */
  at: number;
  startedAt: number;
  tailnet: TailnetView;
  rounds: Connection[];
  /** Ids of the nodes that are pinged each round. */
  critical: string[];
  unmatched: Unmatched[];
  former: Record<string, FormerDevice>;
  /** By device id. */
  judgements: Record<string, Judgement>;
  network: { last: NetcheckResult | null; error: string | null };
  jobs: JobState[];
  ingest: { state: IngestState; storeError: string | null; sender: SenderState | null };
  rejected: RejectedSummary;
  findings: Finding[];
  alerts: { open: Alert[]; history: Alert[]; mutes: Mute[] };
  channels: { channel: string; state: ChannelState }[];
  models: { states: ModelState[]; file: { file: string; notice: string | null } };
  accessLog: { pattern: string | null; countNonTailnet: boolean };
  connectionIntervalMs: number;
  quotaPlan: QuotaPlan;
};

/** Made by a collector of ours, of this format: what is in it is as its type says. */
export const publishedView = z.custom<PublishedView>(
  (value) =>
    z.looseObject({ format: z.literal(VIEW_FORMAT), at: z.number() }).safeParse(value).success,
  'is not the view of a collector of this version',
);
