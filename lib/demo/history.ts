import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Alert } from '../domain/alert';
import { eventsOf } from '../domain/inventory';
import { zoneNamed } from '../domain/time-zone';
import { criticalDevices } from '../domain/watched';
import { writeConnectionHistory } from '../store/sqlite/connections';
import { writeEvents } from '../store/sqlite/events';
import { SqliteFile } from '../store/sqlite/file';
import { writePathSpans } from '../store/sqlite/paths';
import { sqliteStores } from '../store/sqlite/stores';
import { demoStatus } from '../tailscale/demo';
import { demoNodes } from '../tailscale/demo-nodes';
import { DAY, HOUR, MINUTE } from '../util/time';
import { alertsOf } from './alerts';
import { writeInventoryOfDemo } from './inventory-history';
import { logText } from './log-lines';
import { modelReports } from './models';
import { rounds } from './rounds';
import { timeline } from './timeline';
import { writeTrafficHistory } from './traffic';
import { writeTrafficSumsOfDemo } from './traffic-history';

const HISTORY = 90 * DAY;
const LOGGED = 3 * DAY;

/**
 * Makes the demo's history where there is none. Its access log is the last to appear: without it, a start was killed,
 * and this one begins again. Returns whether it made one.
 */
export async function makeDemoHistory(
  {
    database,
    accessLog,
    logs,
    timeZone,
  }: { database: string; accessLog: string; logs: string; timeZone: string },
  now = Date.now(),
): Promise<boolean> {
  if (await stat(accessLog).catch(() => null)) return false;
  for (const suffix of ['', '-wal', '-shm']) await rm(`${database}${suffix}`, { force: true });
  const file = await SqliteFile.open(database);
  try {
    const { events, alerts } = await fill(file, now, timeZone);
    await mkdir(logs, { recursive: true });
    const begun = new Date(now - LOGGED).toISOString().replace(/[-:.]/g, '');
    await writeFile(
      path.join(logs, `observatory-${begun}.log`),
      logText(now - LOGGED, now, events, alerts),
    );
  } finally {
    file.close();
  }
  await writeTrafficHistory(accessLog, now - HISTORY, now);
  return true;
}

async function fill(file: SqliteFile, now: number, timeZone: string) {
  const from = now - HISTORY;
  const { critical } = criticalDevices(demoStatus(now).devices, []);
  const ids = new Set(critical.map(({ id }) => id));
  const isCritical = ({ id }: { id: string }) => ids.has(id);
  const { spans, events: seen } = timeline(from, now, isCritical);
  const pinged = [...rounds(demoNodes.filter(isCritical), from, now)];
  const alerts = alertsOf(pinged, now, zoneNamed(timeZone));
  const events = file.write(() => {
    writeConnectionHistory(file.db, pinged.flat());
    writePathSpans(file.db, spans);
    const changes = writeInventoryOfDemo(file.db, from, now);
    const all = [...seen, ...eventsOf(changes)].sort((a, b) => a.time - b.time);
    writeEvents(file.db, all);
    writeTrafficSumsOfDemo(file.db, from, now, zoneNamed(timeZone));
    return all;
  });
  const stores = sqliteStores(file);
  await stores.alerts.saveEvaluation({
    changed: alerts.map((alert) => ({ alert, bad: 1, good: 0, notified: true })),
    ...{ vanished: [], notices: [], channels: [], notified: alerts.map(({ id }) => id) },
  });
  await stores.models.addReports(modelReports(from, now));
  await audit(stores, alerts, now);
  return { events, alerts };
}

/** Alice and Bob have looked after some of the alerts. */
async function audit(
  stores: ReturnType<typeof sqliteStores>,
  alerts: readonly Alert[],
  now: number,
) {
  const recent = alerts.filter(({ resolvedAt }) => resolvedAt !== null).slice(-6);
  for (const [index, { title: target, said, firedAt }] of recent.entries()) {
    const actor = index % 3 === 2 ? 'bob@example.com' : 'alice@example.com';
    const requestId = `demo-${index + 1}`;
    const time = Math.min((firedAt ?? now) + 7 * MINUTE, now - HOUR);
    const done = { time, actor, action: 'acknowledge', target, said: said?.title };
    await stores.audit.addAudit({ ...done, requestId });
  }
}
