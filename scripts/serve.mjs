import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { launch } from './launch.mjs';
import { inRoot, root, worker } from './paths.mjs';
import { assertPortFree, assertWritable, hostOf, portOf, reachable } from './preflight.mjs';
import { command } from './refusal.mjs';

/** Longer than the minute for which proxies in front keep idle connections, so that they close them first. */
const KEEP_ALIVE_MS = 75_000;

/** Variables that name a file, possibly relative to the folder where the command was typed. */
const FILE_VARIABLES = ['LOG_DIR', 'TAILSCALE_SOCKET', 'TAILSCALE_CLI'];
const SECRET_FILE = /(TOKEN|SECRET)S?_FILE$/;

/**
 * Serves in this very process: a second one would only cost memory and swallow signals.
 * @param {() => Promise<void>} prepare Sees to it that there is a build; what can be refused is refused before it.
 */
export const main = (prepare) => command(() => start(prepare));

/** @param {() => Promise<void>} prepare */
async function start(prepare) {
  const { env } = process;
  const port = portOf(env.PORT);
  const dataDir = env.DATA_DIR ? asTyped(env.DATA_DIR) : inRoot('data');
  const host = hostOf(env, dataDir, port);
  // Quick checks come before what takes a minute.
  await assertPortFree(port, host);
  assertWritable(dataDir);

  await prepare();

  await assertPortFree(port, host);
  settle({ port, host, dataDir });
  await launch({ port, host, keepAliveMs: Number(env.KEEP_ALIVE_TIMEOUT) || KEEP_ALIVE_MS });
  console.log(`Tailnet Observatory is at ${origin(port, host)}/vpn`);
}

/** npm changes to the checkout before it runs a script; a relative path means the user's folder. */
export function asTyped(file) {
  const { npm_lifecycle_event, INIT_CWD } = process.env;
  return path.resolve(npm_lifecycle_event && INIT_CWD ? INIT_CWD : process.cwd(), file);
}

/**
 * Resolves each path or glob of a list such as `ACCESS_LOG` may be; a file whose name looks like a list is one path.
 */
function listAsTyped(text) {
  const whole = asTyped(text);
  if (fs.existsSync(whole)) return whole;
  const words = text.split(/[,\s]+/).filter(Boolean);
  const isList = words.length > 1 && words.every((word) => /[./]/.test(word));
  return isList ? words.map((word) => asTyped(word)).join(',') : whole;
}

/** Completes the app's environment. Relative paths become absolute, since server.js changes to its own folder. */
function settle({ port, host, dataDir }) {
  const secrets = Object.keys(process.env).filter((name) => SECRET_FILE.test(name));
  for (const name of [...FILE_VARIABLES, ...secrets]) {
    const file = process.env[name];
    const isCommand = name === 'TAILSCALE_CLI' && file === path.basename(file ?? '');
    if (file && !isCommand) process.env[name] = asTyped(file);
  }
  if (process.env.ACCESS_LOG) process.env.ACCESS_LOG = listAsTyped(process.env.ACCESS_LOG);
  Object.assign(process.env, {
    NODE_ENV: 'production',
    PORT: String(port),
    HOSTNAME: host,
    DATA_DIR: dataDir,
    OBSERVATORY_ROOT: root,
    OBSERVATORY_WORKER: worker,
    NEXT_MANUAL_SIG_HANDLE: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
  });
}

/** Returns the URL to type into a browser. @param {number} port @param {string} host */
const origin = (port, host) => {
  const name = reachable(host);
  return `http://${net.isIPv6(name) ? `[${name}]` : name}:${port}`;
};
