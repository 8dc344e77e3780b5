import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Refusal } from './refusal.mjs';

/** Larger than what a nearly full disk still accepts; small enough to cost nothing. */
const PROBE_BYTES = 64 * 1024;

/** @param {string | undefined} value PORT as given. @returns {number} */
export function portOf(value) {
  if (!value) return 3000;
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new Refusal(`PORT=${value} is not a port: give a whole number from 1 to 65535.`);
}

/**
 * Returns the address to listen on. Beyond loopback, viewers must be named in the settings (the app enforces this too,
 * see lib/config/access.ts; here it is reported before anything is installed or built).
 * @param {Record<string, string | undefined>} env
 * @param {string} dataDir Where tokens are kept.
 * @param {number} port
 * @returns {string}
 */
export function hostOf(env, dataDir, port) {
  const host = env.HOST || '127.0.0.1';
  if (host === 'localhost' || host === '::1' || (net.isIPv4(host) && /^127\./.test(host))) {
    return host;
  }
  if (env.AUTH === 'off') {
    throw new Refusal(
      `AUTH=off lets everyone in, so it is for loopback only: leave HOST (${host}) unset, or AUTH.`,
    );
  }
  const { TAILSCALE_ADMINS, TAILSCALE_VIEWERS, API_TOKENS } = env;
  const replicas = env.ROLE !== 'web' && (env.COLLECTOR_TOKEN || env.COLLECTOR_TOKEN_FILE);
  const named = TAILSCALE_ADMINS || TAILSCALE_VIEWERS || API_TOKENS || replicas;
  if (named || hasTokens(dataDir)) return host;
  throw new Refusal(
    `HOST=${host} is reachable from other machines, and no one has been given access: set TAILSCALE_ADMINS=you@example.com ` +
      '(or TAILSCALE_VIEWERS=own for everyone in your tailnet, or make a token with `npm run token`), or leave HOST unset ' +
      `and publish it with \`tailscale serve --bg ${port}\`.`,
  );
}

/** @param {string} dataDir */
function hasTokens(dataDir) {
  try {
    return JSON.parse(fs.readFileSync(path.join(dataDir, 'tokens.json'), 'utf8')).length > 0;
  } catch {
    return false;
  }
}

/** Throws a refusal unless the server could listen there now. @param {number} port @param {string} host */
export function assertPortFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => reject(portRefusal(error, port, host)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(resolve));
  });
}

/**
 * Explains to the user why listening failed.
 * @param {NodeJS.ErrnoException} error
 * @param {number} port
 * @param {string} host
 */
export function portRefusal(error, port, host) {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Refusal(
        `Port ${port} on ${host} is taken by another program: stop that one, or choose another port with PORT=${port === 65_535 ? 3000 : port + 1} npm start.`,
      );
    case 'EACCES':
      return new Refusal(
        `Port ${port} needs privileges that this user does not have: choose one above 1023, such as PORT=3000.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Refusal(`HOST=${host} is not an address of this machine: use 127.0.0.1.`);
    default:
      return new Refusal(`Cannot listen on ${host} port ${port}: ${error.message}.`);
  }
}

/** Returns a host that can be called: 0.0.0.0 and :: only listen. @param {string} host */
export const reachable = (host) => ({ '0.0.0.0': '127.0.0.1', '::': '::1' })[host] ?? host;

/** Creates DATA_DIR if it is missing and proves that data can be written to the disk. @param {string} dir */
export function assertWritable(dir) {
  const probe = path.join(dir, `.write-probe-${process.pid}`);
  try {
    fs.mkdirSync(dir, { recursive: true });
    const file = fs.openSync(probe, 'w', 0o600);
    try {
      fs.writeFileSync(file, Buffer.alloc(PROBE_BYTES, 1));
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
      fs.rmSync(probe, { force: true });
    }
  } catch (error) {
    throw diskRefusal(error, dir);
  }
}

/** @param {NodeJS.ErrnoException} error @param {string} dir */
function diskRefusal(error, dir) {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Refusal(
        `The disk that holds DATA_DIR (${dir}) is full: free some space there, or point DATA_DIR at another disk.`,
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return new Refusal(
        `DATA_DIR (${dir}) is not a folder, or lies below a file: point DATA_DIR at a folder.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Refusal(
        `DATA_DIR (${dir}) cannot be written by ${userName()}: give that user the folder, or point DATA_DIR at another one.`,
      );
    default:
      return new Refusal(`DATA_DIR (${dir}) cannot be used: ${error.message}.`);
  }
}

const userName = () =>
  process.getuid ? `user ${process.env.USER ?? process.getuid()}` : 'this user';
