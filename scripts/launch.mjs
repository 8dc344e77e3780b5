import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { standalone } from './paths.mjs';
import { portRefusal, reachable } from './preflight.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Runs the built server in this process and resolves once it answers, which it does only after instrumentation has
 * run. Expects the environment to be as the server shall see it. Throws a {@link Refusal} when the app answers that it
 * could not start; its own words about that are on stderr by then.
 * @param {number} port
 * @param {string} host
 */
export async function launch(port, host) {
  const restore = [silenceBanner(), explainLostPort(port, host)];
  await import(pathToFileURL(path.join(standalone, 'server.js')).href);
  for (;;) {
    const status = await statusOf(port, reachable(host));
    if (status === 500) throw new Refusal('The app could not start: the reason is above.');
    if (status !== undefined) break;
    await sleep(50);
  }
  for (const undo of restore) undo();
}

/**
 * Next greets with lines of its own, before it is ready and with a network address that nobody can reach. The app logs
 * to stdout directly and faults go to stderr: neither is touched.
 */
function silenceBanner() {
  const { log } = console;
  console.log = () => {};
  return () => {
    console.log = log;
  };
}

/** Somebody can take the port after we looked. Next would say so with a stack; we are told first, and use our line. */
function explainLostPort(port, host) {
  const { createServer } = http;
  http.createServer = (...args) => {
    const server = createServer(...args);
    server.once('error', (error) => {
      process.stderr.write(`${portRefusal(error, port, host).message}\n`);
      process.exit(1);
    });
    return server;
  };
  return () => {
    http.createServer = createServer;
  };
}

/** @returns {Promise<number | undefined>} Undefined while nobody listens. */
function statusOf(port, host) {
  return new Promise((resolve) => {
    const request = http.get({ port, host, path: '/healthz', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', () => resolve(undefined));
  });
}
