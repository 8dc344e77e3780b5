import { WEEK } from '../../util/time';
import type { ChannelState, ChannelStates } from '../ports/channels';
import type { SqliteFile } from './file';
import { numberOrNull, saidIn, textOrNull } from './values';

export class SqliteChannels implements ChannelStates {
  constructor(private readonly file: SqliteFile) {}

  async channelState(channel: string, now: number): Promise<ChannelState> {
    const row = this.file.db
      .prepare(
        `SELECT (SELECT COUNT(*) FROM alert_notices WHERE channel = ?1)
           + (SELECT COUNT(*) FROM alert_messages WHERE channel = ?1 AND state IN ('queued', 'sending')) AS waiting,
         (SELECT MAX(attempted_at) FROM alert_messages WHERE channel = ?1 AND state = 'sent') AS last_sent,
         (SELECT COUNT(*) FROM alert_messages WHERE channel = ?1 AND state = 'failed' AND attempted_at > ?2) AS failed`,
      )
      .get(channel, now - WEEK);
    const last = this.file.db
      .prepare(
        `SELECT error, said FROM alert_messages WHERE channel = ? AND attempted_at IS NOT NULL
         ORDER BY attempted_at DESC, id DESC LIMIT 1`,
      )
      .get(channel);
    return {
      waiting: Number(row?.waiting),
      lastSentAt: numberOrNull(row?.last_sent ?? null),
      lastError: textOrNull(last?.error ?? null),
      lastErrorSaid: saidIn(last?.said).said,
      failed: Number(row?.failed),
    };
  }
}
