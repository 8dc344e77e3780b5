import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AwaitedTailscale } from '../../collect/awaited-tailscale';
import type { Config } from '../../config/config';
import { setUpLog } from '../../log/log';
import { findTailscale } from '../../tailscale/find';
import type { Tailscale } from '../../tailscale/tailscale';

/** What a collector reads, and the folder where what is made of it lies. */
export type Source = {
  tailscale: Tailscale;
  /** A simulation: none of it may reach a real database, chat or InfluxDB. */
  isDemo: boolean;
  folder: string;
  accessLog: Config['accessLog'];
};

/** Finds the tailscaled to read, or the demo where there is none, and sets the log up in the folder that goes with it. */
export async function findSource(config: Config): Promise<Source> {
  // With an InfluxDB set up, a simulation is not what is wanted.
  const demo = config.influx && config.tailscale.demo === 'auto' ? 'never' : config.tailscale.demo;
  const tailscale = await tailscaleOf(config, demo);
  const isDemo = tailscale.source === 'demo';
  // The demo has a folder of its own: its data never touches real data.
  const folder = isDemo ? path.join(config.dataDir, 'demo') : config.dataDir;
  await mkdir(folder, { recursive: true });
  setUpLog({ ...config.log, folder: config.log.folder ?? path.join(folder, 'logs') });
  const demoLog = { pattern: path.join(folder, 'access.log'), format: undefined, backfill: true };
  const accessLog = isDemo ? { ...config.accessLog, ...demoLog } : config.accessLog;
  return { tailscale, isDemo, folder, accessLog };
}

/** The tailscaled of these settings; one that is not there yet is looked for at every call. */
export async function tailscaleOf(
  { tailscale: { socket, proxyUrl, cli }, searchPath }: Config,
  demo: Config['tailscale']['demo'],
): Promise<Tailscale> {
  const { platform } = process;
  const find = () => findTailscale({ socket, proxyUrl, cli, demo, searchPath, platform });
  return (await find()) ?? new AwaitedTailscale(find);
}
