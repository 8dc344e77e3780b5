import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Refusal } from './refusal.mjs';

/** Larger than what a nearly full disk still takes in passing; small enough to cost nothing. */
const PROBE_BYTES = 64 * 1024;

/** @param {string | undefined} value PORT as given. @returns {number} */
export function portOf(value) {
  if (!value) return 3000;
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw new Refusal(`PORT=${value} is not a port: give a whole number from 1 to 65535.`);
}

/**
 * The address to listen on. Until access rules exist, anything wider than loopback shows the whole tailnet to whoever
 * can reach the machine, so it has to be asked for twice.
 * @param {string | undefined} value HOST as given.
 * @param {number} port
 * @param {boolean} allowUnprotected
 * @returns {string}
 */
export function hostOf(value, port, allowUnprotected) {
  const host = value || '127.0.0.1';
  const loopback =
    host === 'localhost' || host === '::1' || (net.isIPv4(host) && /^127\./.test(host));
  if (loopback || allowUnprotected) return host;
  throw new Refusal(
    `HOST=${host} would show this tailnet to everyone who can reach this machine: leave HOST unset and publish it to ` +
      `your tailnet with \`tailscale serve --bg ${port}\`, or set ALLOW_UNPROTECTED=1 to listen there all the same.`,
  );
}

/** Refuses unless we could listen there this moment. @param {number} port @param {string} host */
export function assertPortFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => reject(portRefusal(error, port, host)));
    probe.listen({ port, host, exclusive: true }, () => probe.close(resolve));
  });
}

/** Why listening failed, for a person. @param {NodeJS.ErrnoException} error @param {number} port @param {string} host */
export function portRefusal(error, port, host) {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Refusal(
        `Port ${port} on ${host} is taken by another program: stop that one, or choose another port with PORT=${port === 65_535 ? 3000 : port + 1} npm start.`,
      );
    case 'EACCES':
      return new Refusal(
        `Port ${port} needs rights this user does not have: choose one from 1024 up, such as PORT=3000.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Refusal(`HOST=${host} is not an address of this machine: use 127.0.0.1.`);
    default:
      return new Refusal(`Cannot listen on ${host} port ${port}: ${error.message}.`);
  }
}

/** 0.0.0.0 and :: listen everywhere, but cannot be called. @param {string} host */
export const reachable = (host) => ({ '0.0.0.0': '127.0.0.1', '::': '::1' })[host] ?? host;

/** Creates DATA_DIR where it is missing and proves that it takes data, down to the disk. @param {string} dir */
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
