import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './app';

const execute = promisify(execFile);

/** The lab's machines: the app runs beside `factory`; `git` and `dev` send requests to it. */
export type LabNode = 'factory' | 'git' | 'dev';

export type Lab = {
  /** factory's LocalAPI. */
  socket: string;
  /** The tailscale program of the same version. */
  cli: string;
  /** IPv4 addresses in the tailnet. */
  addresses: { git: string; dev: string };
  /** Fetches a URL from inside the tailnet, as that device; returns the body. */
  get(node: LabNode, url: string, ...curlArgs: string[]): Promise<string>;
  /** Runs `tailscale ARGS` on that device; returns its stdout. */
  ts(node: LabNode, ...args: string[]): Promise<string>;
  /** Takes a device offline. */
  stop(node: LabNode): Promise<void>;
  /** Brings it back. */
  start(node: LabNode): Promise<void>;
  /** Makes a device unreachable directly, so that its peers use DERP; or reachable again. Restarts it. */
  relay(node: LabNode, on: boolean): Promise<void>;
  /** Leaves a device connected but silent, as a computer that hangs; or lets it go on. */
  freeze(node: LabNode, on: boolean): Promise<void>;
  /** Makes a device's key expire after a time such as `72h`, or now: it needs a new login then. */
  expire(node: LabNode, after?: string): Promise<void>;
  /** Makes its key never expire: a device whose key had expired works again. */
  renew(node: LabNode): Promise<void>;
  /** Makes its peers see that version of Tailscale on a device; without one, its own. */
  version(node: LabNode, version?: string): Promise<void>;
  /** Starts one more device under that name. */
  add(name: string): Promise<void>;
  /** Removes a device that was added from the tailnet. */
  remove(name: string): Promise<void>;
};

/**
 * Returns the running lab, from the variables that `lab env` exported. Throws, naming the variable, when one is
 * missing.
 */
export function lab(env: NodeJS.ProcessEnv = process.env): Lab {
  const script = env.LAB_SCRIPT || path.join(root, 'lab/lab');
  const verb = async (...args: string[]) => {
    const { stdout } = await execute(script, args, { timeout: 90_000, maxBuffer: 16 * 2 ** 20 });
    return stdout;
  };
  const quiet = async (...args: string[]) => {
    await verb(...args);
  };
  return {
    socket: required(env, 'LAB_TAILSCALE_SOCKET'),
    cli: required(env, 'LAB_TAILSCALE_CLI'),
    addresses: { git: required(env, 'LAB_IP_GIT'), dev: required(env, 'LAB_IP_DEV') },
    get: (node, url, ...curlArgs) => verb('get', node, url, ...curlArgs),
    ts: (node, ...args) => verb('ts', node, ...args),
    stop: (node) => quiet('stop', node),
    start: (node) => quiet('start', node),
    relay: (node, on) => quiet('relay', node, on ? 'on' : 'off'),
    freeze: (node, on) => quiet('freeze', node, on ? 'on' : 'off'),
    expire: (node, after = '') => quiet('expire', node, after),
    renew: (node) => quiet('renew', node),
    version: (node, version = '') => quiet('version', node, version),
    add: (name) => quiet('add', name),
    remove: (name) => quiet('remove', name),
  };
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: run eval "$(lab/lab env)" first`);
  return value;
}
