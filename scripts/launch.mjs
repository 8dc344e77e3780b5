import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesFolder, gatedServer, standalone } from './paths.mjs';
import { portRefusal } from './preflight.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Serves the build in this process and resolves once it is ready; earlier requests wait. Expects the server's
 * environment to be set. Throws a {@link Refusal} when another program has taken the port meanwhile, or when Next
 * cannot start. Any other failure of the app ends the process with a one-line message (lib/runtime/main.ts).
 * @param {{ port: number, host: string, keepAliveMs: number }} options
 */
export async function launch({ port, host, keepAliveMs }) {
  const { createGatedServer, opening, staticFiles } = await import(pathToFileURL(gatedServer).href);
  let handler;
  const serve = staticFiles(filesFolder, async (request, response) => {
    try {
      await (await handler)(request, response);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    }
  });
  const server = createGatedServer(serve, { keepAliveTimeout: keepAliveMs });
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw portRefusal(error, port, host);
  }
  handler = startNext(port, host);
  try {
    await handler;
  } catch (error) {
    throw new Refusal(`The app could not start: ${error.message.split('\n')[0]}`);
  }
  await opening.gate;
}

/**
 * Does what Next's standalone server.js does, except for the server: ours replaces it, since Next's has no hook for a
 * gate. Runs instrumentation. Resolves with the request handlers.
 */
async function startNext(port, hostname) {
  process.chdir(standalone);
  const manifest = path.join(standalone, '.next/required-server-files.json');
  const { config } = JSON.parse(readFileSync(manifest, 'utf8'));
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
  // From the standalone tree, whose modules pages share.
  const require = createRequire(path.join(standalone, 'server.js'));
  const { getRequestHandlers } = require('next/dist/server/lib/start-server');
  const { default: loadConfig } = require('next/dist/server/config');
  // Cached here: if the handlers loaded it, Next would print on stdout how long that took.
  await loadConfig('phase-production-server', standalone);
  const { requestHandler } = await getRequestHandlers({
    dir: standalone,
    port,
    hostname,
    isDev: false,
    onDevServerCleanup: undefined,
  });
  return requestHandler;
}
