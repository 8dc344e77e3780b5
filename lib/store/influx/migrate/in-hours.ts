import { CLIENT_KINDS } from '../../../domain/access';
import { hitAt, unpackHits } from '../../../rollup/hit-block';
import { HOURLY } from '../../../rollup/resolutions';
import { RollUpBuilder } from '../../../rollup/roll-up-builder';
import { DAY } from '../../../util/time';
import { readEndpoints } from '../../sqlite/dictionary-reader';
import { type Database, transaction } from '../../sqlite/driver';
import { RollUpTable } from '../../sqlite/roll-up-table';
import { FileKeys } from '../file-keys';
import { type SpooledHit, secondsOf } from '../hit-codec';
import { Spool } from '../spool';
import type { MigrationIn } from './in';
import type { OnProgress } from './progress';

const HITS_PER_ROW = 4_000;

/** Puts hits into the spool; for hours whose single hits are gone, or older than InfluxDB keeps any, the counts. */
export async function sendHours(
  { db, file, progress, makeRoom }: MigrationIn,
  rawDays: number,
  onProgress: OnProgress,
): Promise<{ hits: number }> {
  const spool = new Spool(db);
  const keys = new FileKeys(db);
  const rollUps = { old: new RollUpTable(db, 'old'), own: new RollUpTable(db) };
  const hours = db
    .prepare('SELECT DISTINCT start FROM old.rollups WHERE step = ? AND start > ? ORDER BY start')
    .all(HOURLY, progress.number('hour', -1));
  const all = Number(
    db.prepare('SELECT COUNT(DISTINCT start) AS n FROM old.rollups WHERE step = ?').get(HOURLY)?.n,
  );
  const oldest = Date.now() - rawDays * DAY;
  let done = progress.number('hours', 0);
  let hits = progress.number('hits', 0);
  for (const hour of hours) {
    const start = Number(hour.start);
    const counted = rollUps.old.hits(HOURLY, start) ?? 0;
    transaction(db, file, () => {
      const single = start > oldest ? singleHits(db, keys, start) : [];
      if (single.length === counted) {
        for (let i = 0; i < single.length; i += HITS_PER_ROW) {
          spool.addHits(single.slice(i, i + HITS_PER_ROW), Date.now());
        }
      } else {
        // Where some or all single hits of an hour are gone, only the counts are left.
        const sum = new RollUpBuilder();
        for (const slice of rollUps.old.read(HOURLY, start)) sum.merge(slice);
        rollUps.own.write(HOURLY, start, sum);
        spool.addPast(start, Date.now());
      }
      done++;
      hits += counted;
      progress.note('hour', start);
      progress.note('hours', done);
      progress.note('hits', hits);
    });
    onProgress(done, all);
    await makeRoom();
  }
  return { hits };
}

function singleHits(db: Database, keys: FileKeys, hour: number): SpooledHit[] {
  const endpoints = readEndpoints(db);
  const fingerprint = db.prepare('SELECT head FROM files WHERE id = ?');
  const hits: SpooledHit[] = [];
  for (const row of db.prepare('SELECT hits FROM old.hit_blocks WHERE hour = ?').all(hour)) {
    const block = unpackHits(row.hits as Uint8Array);
    for (let i = 0; i < block.n; i++) {
      const hit = hitAt(block, i, hour);
      const { file, offset } = hit.position;
      const { second, millisecond } = secondsOf(hit.time);
      hits.push({
        second,
        millisecond,
        fileKey: keys.of(file, String(fingerprint.get(file)?.head ?? '')),
        file,
        offset,
        visitor: block.columns.visitor[i] ?? 0,
        ip: hit.ip,
        ...(endpoints[block.columns.endpoint[i] ?? 0] ?? { host: null, endpoint: '' }),
        method: hit.method,
        path: hit.path,
        status: hit.status ?? 0,
        responseMs: hit.responseMs ?? -1,
        bytes: hit.bytes ?? -1,
        client: CLIENT_KINDS.indexOf(hit.client),
      });
    }
  }
  return hits;
}
