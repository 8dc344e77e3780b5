import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AwaitedTailscale } from '../../collect/awaited-tailscale';
import type { Config } from '../../config/config';
import { setUpLog } from '../../log/log';
import { findTailscale } from '../../tailscale/find';
import type { Tailscale } from '../../tailscale/tailscale';

/** What a collector reads, and the folder for the data made of it. */
export type Source = {
  tailscale: Tailscale;
  /** A simulation: none of its data may reach a real database, chat or InfluxDB. */
  isDemo: boolean;
  folder: string;
  /** The folder of this service's own log. */
  logs: string;
  accessLog: Config['accessLog'];
};

/** Finds the tailscaled to read, or the demo if there is none, and sets up the log in the corresponding folder. */
export async function findSource(config: Config): Promise<Source> {
  // When InfluxDB is configured, a simulation is not intended.
  const demo = config.influx && config.tailscale.demo === 'auto' ? 'never' : config.tailscale.demo;
  const tailscale = await tailscaleOf(config, demo);
  const isDemo = tailscale.source === 'demo';
  // The demo has its own folder: its data never touches real data.
  const folder = isDemo ? path.join(config.dataDir, 'demo') : config.dataDir;
  await mkdir(folder, { recursive: true });
  const logs = config.log.folder ?? path.join(folder, 'logs');
  setUpLog({ ...config.log, folder: logs });
  const demoLog = { pattern: path.join(folder, 'access.log'), format: undefined, backfill: true };
  const accessLog = isDemo ? { ...config.accessLog, ...demoLog } : config.accessLog;
  return { tailscale, isDemo, folder, logs, accessLog };
}

/** Returns the tailscaled of these settings; while it is not running, each call looks for it again. */
export async function tailscaleOf(
  { tailscale, searchPath }: Config,
  demo: Config['tailscale']['demo'],
): Promise<Tailscale> {
  const { platform } = process;
  const find = () => findTailscale({ ...tailscale, demo, searchPath, platform });
  return (await find()) ?? new AwaitedTailscale(find);
}
